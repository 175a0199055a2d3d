import { Button, Table, Text } from '@mantine/core';
import { useId } from 'react';
import { Link } from 'react-router';
import type { AnalyticsQuery, UnpricedModel } from '@/api/types';
import { useCan } from '@/auth/useMe';
import { number } from '@/parts/number';
import { text } from '@/text/en';
import chart from '../analytics/charts/Chart.module.css';
import { count } from '../analytics/format';
import { ListLink } from '../analytics/ListLink';
import { listLink } from '../analytics/link';
import classes from './Costs.module.css';
import { useUnpriced } from './queries';

const t = text.costs.unpriced;

/** The models that had no price, and what is unknown because of that; nothing where all is known. */
export function UnpricedCard({ query }: { query: AnalyticsQuery }) {
  const { data: d } = useUnpriced(query);
  const may = useCan('settings:write');
  const id = useId();
  if (!d || d.models.length === 0) return null;
  return (
    <section className={chart.card} aria-labelledby={id}>
      <header className={chart.head}>
        <div className={chart.titles}>
          <h2 id={id}>{t.title}</h2>
          <p>{t.note(d.models.length + d.others)}</p>
        </div>
      </header>
      <div className={classes.scroll} tabIndex={0} role="region" aria-labelledby={id}>
        <Table className="tabular" verticalSpacing={7} fz={13}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t.columns.model}</Table.Th>
              <Table.Th ta="right">{t.columns.calls}</Table.Th>
              <Table.Th ta="right" className={classes.wide}>
                {t.columns.tokens}
              </Table.Th>
              <Table.Th ta="right">{t.columns.conversations}</Table.Th>
              <Table.Th>{t.columns.price}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {d.models.map((m) => (
              <Table.Tr key={m.list}>
                <Table.Th scope="row">
                  {m.model}
                  <Text size="xs" c="dimmed">
                    {providerOf(m)}
                  </Text>
                </Table.Th>
                <Table.Td ta="right">{number(m.calls)}</Table.Td>
                <Table.Td ta="right" className={classes.wide}>
                  {t.inOut(count(m.input_tokens), count(m.output_tokens))}
                </Table.Td>
                <Table.Td ta="right">
                  <ListLink to={listLink(d.period.list, m.list)}>{number(m.conversations)}</ListLink>
                </Table.Td>
                <Table.Td>
                  {m.priced ? (
                    <Text size="xs" c="dimmed">
                      {t.priced}
                    </Text>
                  ) : (
                    may &&
                    m.price_provider && (
                      <Button
                        component={Link}
                        to={priceLink(m)}
                        size="compact-sm"
                        variant="default"
                        aria-label={t.addFor(m.model)}
                      >
                        {t.add}
                      </Button>
                    )
                  )}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </div>
    </section>
  );
}

const providerOf = (m: UnpricedModel): string => m.provider?.name ?? (m.price_provider ? t.messages : t.gone);

/** Where the price of a model is set, with its names filled in. */
export const priceLink = (m: Pick<UnpricedModel, 'price_provider' | 'model'>): string =>
  `/settings/prices?${new URLSearchParams({ provider: m.price_provider, model: m.model }).toString()}`;
