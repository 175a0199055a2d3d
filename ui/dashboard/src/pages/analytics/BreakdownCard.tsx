import { Select } from '@mantine/core';
import { useState } from 'react';
import type { AnalyticsGroup, AnalyticsQuery } from '@/api/types';
import { number } from '@/parts/number';
import { text } from '@/text/en';
import { Part } from './Part';
import { type Bar, Bars } from './charts/Bars';
import { ChartCard, type ChartRow } from './charts/ChartCard';
import { cost, orNone, percent, seconds } from './format';
import { groupName } from './groups';
import { listLink } from './link';
import { type Dimension, useGroups, useLabels } from './queries';

const t = text.analytics.breakdown;
type By = keyof typeof t.dimensions;
const dimensions = Object.keys(t.dimensions) as By[];
const mostBars = 12;

/** Where the conversations come from and who answered them. */
export function BreakdownCard({ query }: { query: AnalyticsQuery }) {
  const [by, setBy] = useState<By>('source');
  const control = (
    <Select
      size="xs"
      w={130}
      aria-label={t.by}
      allowDeselect={false}
      value={by}
      onChange={(v) => v && setBy(v as By)}
      data={dimensions.map((d) => ({ value: d, label: t.dimensions[d] }))}
    />
  );
  return by === 'model' ? (
    <Models query={query} control={control} />
  ) : (
    <Groups query={query} by={by} control={control} />
  );
}

interface Props {
  query: AnalyticsQuery;
  control: React.ReactNode;
}

function Groups({ query, by, control }: Props & { by: Dimension & By }) {
  const groups = useGroups(query, by);
  return (
    <Part query={groups} title={t.title}>
      {(d) => {
        const part = (list: string, said: string, g: AnalyticsGroup) => ({
          text: said,
          href: listLink(d.period.list, g.list, d.lists[list] ?? ''),
        });
        const share = (g: AnalyticsGroup) =>
          orNone(d.conversations > 0 ? g.numbers.conversations / d.conversations : null, percent);
        return (
          <BarCard
            busy={groups.isPlaceholderData}
            control={control}
            others={d.others}
            bars={d.groups.map((g) => ({
              key: g.list,
              label: groupName(g, by),
              value: g.numbers.conversations,
              text: `${number(g.numbers.conversations)} · ${share(g)}`,
              href: listLink(d.period.list, g.list),
            }))}
            columns={[t.dimensions[by], t.conversations, t.share, t.resolution, t.handover, t.firstReply, t.credits]}
            rows={d.groups.map((g) => ({
              key: g.list,
              href: listLink(d.period.list, g.list),
              cells: [
                groupName(g, by),
                { text: number(g.numbers.conversations), href: listLink(d.period.list, g.list) },
                share(g),
                part('resolved', orNone(g.numbers.resolution_rate, percent), g),
                part('handed_over', orNone(g.numbers.handover_rate, percent), g),
                part('replied', orNone(g.numbers.first_reply.p50, seconds), g),
                cost(Number(g.numbers.credits), g.numbers.unpriced),
              ],
            }))}
          />
        );
      }}
    </Part>
  );
}

function Models({ query, control }: Props) {
  const labels = useLabels(query, 'model');
  return (
    <Part query={labels} title={t.title}>
      {(d) => (
        <BarCard
          busy={labels.isPlaceholderData}
          control={control}
          others={d.others}
          bars={d.labels.map((l) => ({
            key: l.name,
            label: l.name,
            value: l.conversations,
            text: number(l.conversations),
            href: listLink(d.period.list, l.list),
          }))}
          columns={[t.dimensions.model, t.conversations, t.resolution, t.calls, t.tokens, t.credits]}
          rows={d.labels.map((l) => ({
            key: l.name,
            href: listLink(d.period.list, l.list),
            cells: [
              l.name,
              { text: number(l.conversations), href: listLink(d.period.list, l.list) },
              {
                text: orNone(l.resolution_rate, percent),
                href: listLink(d.period.list, l.list, d.lists.resolved ?? ''),
              },
              number(l.calls),
              number(l.input_tokens + l.output_tokens),
              cost(Number(l.credits), l.unpriced),
            ],
          }))}
        />
      )}
    </Part>
  );
}

interface CardProps {
  busy: boolean;
  control: React.ReactNode;
  /** How many the server has left out. */
  others: number;
  bars: Bar[];
  columns: string[];
  rows: ChartRow[];
}

function BarCard({ busy, control, others, bars, columns, rows }: CardProps) {
  return (
    <ChartCard
      title={t.title}
      hidden={{ chart: Math.max(0, bars.length - mostBars) + others, table: others }}
      busy={busy}
      controls={control}
      columns={columns}
      rows={rows}
    >
      <Bars label={t.title} bars={bars.slice(0, mostBars)} />
    </ChartCard>
  );
}
