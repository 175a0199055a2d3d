import { Table, Text } from '@mantine/core';
import { useId } from 'react';
import { Link } from 'react-router';
import { Credits } from '@/parts/Credits';
import { RelativeTime } from '@/parts/RelativeTime';
import { SourceBadge } from '@/parts/SourceBadge';
import { number } from '@/parts/number';
import { text } from '@/text/en';
import { Part } from '../analytics/Part';
import chart from '../analytics/charts/Chart.module.css';
import { listLink } from '../analytics/link';
import { contactName } from '../conversations/names';
import classes from './Costs.module.css';
import { useDearest } from './queries';

const t = text.costs.dearest;

/** The conversations that cost most; list is the filter of all. */
export function DearestCard({ list }: { list: string }) {
  const dearest = useDearest(list);
  const id = useId();
  return (
    <Part query={dearest} title={t.title}>
      {({ rows, cut }) => (
        <section className={chart.card} aria-labelledby={id} aria-busy={dearest.isPlaceholderData || undefined}>
          <header className={chart.head}>
            <div className={chart.titles}>
              <h2 id={id}>{t.title}</h2>
              <p>{t.note}</p>
            </div>
            <Link to={listLink(list, 'sort=-credits')} className={classes.all}>
              {t.all}
            </Link>
          </header>
          {rows.length === 0 ? (
            <Text size="sm" c="dimmed">
              {t.none}
            </Text>
          ) : (
            <div className={classes.scroll} tabIndex={0} role="region" aria-labelledby={id}>
              <Table className="tabular" verticalSpacing={7} fz={13}>
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>{t.columns.contact}</Table.Th>
                    <Table.Th className={classes.wide}>{t.columns.assistant}</Table.Th>
                    <Table.Th className={classes.wide}>{t.columns.started}</Table.Th>
                    <Table.Th className={classes.wide} ta="right">
                      {t.columns.messages}
                    </Table.Th>
                    <Table.Th ta="right">{t.columns.credits}</Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {rows.map((r) => (
                    <Table.Tr key={r.id}>
                      <Table.Th scope="row" className={classes.contact}>
                        <SourceBadge source={r.source} /> <Link to={`/conversations/${r.id}`}>{contactName(r)}</Link>
                      </Table.Th>
                      <Table.Td className={classes.wide}>{r.assistant.name}</Table.Td>
                      <Table.Td className={classes.wide}>
                        <RelativeTime at={r.started_at} />
                      </Table.Td>
                      <Table.Td className={classes.wide} ta="right">
                        {number(r.message_count)}
                      </Table.Td>
                      <Table.Td ta="right">
                        <Credits credits={r.cost.credits} complete={r.cost.complete} />
                      </Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </div>
          )}
          {cut && <p className={chart.readout}>{t.cut}</p>}
        </section>
      )}
    </Part>
  );
}
