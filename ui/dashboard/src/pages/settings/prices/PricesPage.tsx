import { Button, Group, Switch, Table, Text, TextInput, Tooltip } from '@mantine/core';
import { IconCoins, IconFileImport, IconPlus, IconSearch, IconSearchOff } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useSearchParams } from 'react-router';
import { api, data } from '@/api/client';
import type { Price } from '@/api/types';
import { useCan } from '@/auth/useMe';
import { EmptyState } from '@/parts/EmptyState';
import { ErrorState } from '@/parts/ErrorState';
import { PageBody } from '@/parts/PageBody';
import { PageHeader } from '@/parts/PageHeader';
import { PageLoading } from '@/parts/PageLoading';
import { Tag } from '@/parts/Tag';
import { text } from '@/text/en';
import panel from '../Panel.module.css';
import { CreditsForm } from './CreditsForm';
import { ImportPrices } from './ImportPrices';
import { PriceEditor } from './PriceEditor';
import classes from './PricesPage.module.css';

const t = text.settings.prices;

const dollars = new Intl.NumberFormat('en', {
  style: 'currency',
  currency: 'USD',
  maximumFractionDigits: 6,
});

/** What a million tokens of each model cost, and what a credit is worth. */
export default function PricesPage() {
  const prices = useQuery({
    queryKey: ['prices'],
    queryFn: ({ signal }) => data(api.GET('/api/v1/prices', { signal })),
  });
  const mayWrite = useCan('settings:write');
  const [q, setQ] = useState('');
  const [own, setOwn] = useState(false);
  const [params, setParams] = useSearchParams();
  const asked = { provider: params.get('provider') ?? '', model: params.get('model') ?? '' };
  const [editing, setEditing] = useState<Price | 'new' | null>(null);
  const [importing, setImporting] = useState(false);
  const all = prices.data?.data;
  const shown = useMemo(() => (all ? search(all, q, own) : []), [all, q, own]);
  const actions = mayWrite && (
    <>
      <Button variant="default" leftSection={<IconFileImport size={16} />} onClick={() => setImporting(true)}>
        {t.import}
      </Button>
      <Button leftSection={<IconPlus size={16} />} onClick={() => setEditing('new')}>
        {t.add}
      </Button>
    </>
  );
  return (
    <PageBody>
      <PageHeader title={t.title} note={t.subtitle} actions={actions} />
      <CreditsForm readOnly={!mayWrite} />
      {prices.error ? (
        <ErrorState error={prices.error} title={t.loadFailed} onRetry={() => void prices.refetch()} />
      ) : !all ? (
        <PageLoading />
      ) : all.length === 0 ? (
        <EmptyState icon={IconCoins} title={t.emptyTitle}>
          {t.emptyBody}
        </EmptyState>
      ) : (
        <>
          <Group gap="md">
            <TextInput
              aria-label={t.search}
              placeholder={t.search}
              leftSection={<IconSearch size={16} />}
              value={q}
              flex="1 1 220px"
              maw={340}
              onChange={(event) => setQ(event.currentTarget.value)}
            />
            <Switch label={t.own} checked={own} onChange={(event) => setOwn(event.currentTarget.checked)} />
          </Group>
          {shown.length === 0 ? (
            <EmptyState icon={IconSearchOff} title={t.noMatch} />
          ) : (
            <Rows prices={shown} onEdit={mayWrite ? setEditing : undefined} />
          )}
          <Text size="xs" c="dimmed">
            {t.footnote}
          </Text>
        </>
      )}
      {editing && <PriceEditor start={editing === 'new' ? undefined : editing} onClose={() => setEditing(null)} />}
      {mayWrite && asked.model && (
        <PriceEditor named={asked} onClose={() => setParams(new URLSearchParams(), { replace: true })} />
      )}
      {importing && <ImportPrices onClose={() => setImporting(false)} />}
    </PageBody>
  );
}

function search(prices: readonly Price[], q: string, own: boolean): Price[] {
  const words = q.toLowerCase().split(/\s+/).filter(Boolean);
  return prices.filter((price) => {
    const name = `${price.provider} ${price.model}`.toLowerCase();
    return (!own || !price.builtin) && words.every((word) => name.includes(word));
  });
}

function Rows({ prices, onEdit }: { prices: Price[]; onEdit?: (price: Price) => void }) {
  return (
    <div className={`${panel.panel} ${panel.scroll}`} tabIndex={0} role="region" aria-label={t.title}>
      <Table verticalSpacing="xs" horizontalSpacing="md" className={`${panel.table} ${classes.table}`}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t.columns.model}</Table.Th>
            <Table.Th ta="right">{t.columns.input}</Table.Th>
            <Table.Th ta="right">{t.columns.output}</Table.Th>
            <Table.Th ta="right">{t.columns.cached}</Table.Th>
            <Table.Th ta="right">{t.columns.cacheWrite}</Table.Th>
            <Table.Th>{t.columns.source}</Table.Th>
            <Table.Th>{t.columns.date}</Table.Th>
            {onEdit && (
              <Table.Th>
                <span className="sr-only">{t.columns.actions}</span>
              </Table.Th>
            )}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {prices.map((price) => (
            <Table.Tr key={price.id}>
              <Table.Td>
                <div className={classes.model}>
                  {price.model}
                  {!price.builtin && <Tag tone="accent">{t.ownBadge}</Tag>}
                </div>
                <Text size="xs" c="dimmed">
                  {price.provider}
                </Text>
              </Table.Td>
              <Table.Td ta="right">
                <Amount usd={price.input_usd} />
              </Table.Td>
              <Table.Td ta="right">
                <Amount usd={price.output_usd} />
              </Table.Td>
              <Table.Td ta="right">
                <Amount usd={price.cached_usd} nothing={t.asInput} />
              </Table.Td>
              <Table.Td ta="right">
                <Amount usd={price.cache_write_usd} nothing={t.asInput} />
              </Table.Td>
              <Table.Td>
                <Source source={price.source} />
              </Table.Td>
              <Table.Td className={`${classes.date} tabular`}>{price.read_on}</Table.Td>
              {onEdit && (
                <Table.Td ta="right">
                  <Button
                    variant="subtle"
                    size="compact-sm"
                    aria-label={t.newVersionOf(price.model)}
                    onClick={() => onEdit(price)}
                  >
                    {t.newVersion}
                  </Button>
                </Table.Td>
              )}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}

/** A price, or that it is not known; unknown is never 0. */
function Amount({ usd, nothing = t.unknown }: { usd: string | null; nothing?: string }) {
  if (usd === null) {
    return (
      <Text span size="xs" c="dimmed">
        {nothing}
      </Text>
    );
  }
  return <span className="tabular">{Number(usd) === 0 ? t.free : dollars.format(Number(usd))}</span>;
}

function Source({ source }: { source: string }) {
  if (!source) {
    return (
      <Tooltip label={t.footnote} multiline maw={280}>
        <Text span size="xs" c="dimmed" tabIndex={0}>
          {t.unknown}
        </Text>
      </Tooltip>
    );
  }
  const url = /^https?:\/\//.test(source);
  return url ? (
    <a href={source} target="_blank" rel="noreferrer" className={classes.source} title={source}>
      {source.replace(/^https?:\/\/(www\.)?/, '')}
    </a>
  ) : (
    <span className={classes.source} title={source}>
      {source}
    </span>
  );
}
