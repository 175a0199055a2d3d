import { Text } from '@mantine/core';
import type { AnalyticsLabels, AnalyticsQuery } from '@/api/types';
import { number } from '@/parts/number';
import { text } from '@/text/en';
import { Part } from '../analytics/Part';
import { Bars } from '../analytics/charts/Bars';
import { ChartCard } from '../analytics/charts/ChartCard';
import { credits, orNone, percent } from '../analytics/format';
import { groupName } from '../analytics/groups';
import { listLink } from '../analytics/link';
import { useGroups, useLabels } from '../analytics/queries';

const t = text.costs.by;
const c = t.columns;
const mostBars = 12;

/** A part of what was spent. */
interface Cost {
  key: string;
  name: string;
  spent: number;
  /** What the table says after the credits and their share. */
  cells: string[];
  href: string;
}

/** What the conversations of each assistant cost. */
export function AssistantCosts({ query }: { query: AnalyticsQuery }) {
  const groups = useGroups(query, 'assistant');
  return (
    <Part query={groups} title={t.assistant}>
      {(d) => (
        <CostCard
          title={t.assistant}
          busy={groups.isPlaceholderData}
          all={Number(d.credits)}
          others={d.others}
          columns={[c.assistant, c.credits, c.share, c.conversations, c.tokens]}
          costs={d.groups.map((g) => ({
            key: g.list,
            name: groupName(g, 'assistant'),
            spent: Number(g.numbers.credits),
            cells: [number(g.numbers.conversations), number(g.numbers.input_tokens + g.numbers.output_tokens)],
            href: listLink(d.period.list, 'sort=-credits', g.list),
          }))}
        />
      )}
    </Part>
  );
}

/** What each model cost. */
export function ModelCosts({ query }: { query: AnalyticsQuery }) {
  const labels = useLabels(query, 'model');
  return (
    <Part query={labels} title={t.model}>
      {(d) => (
        <CostCard
          title={t.model}
          note={t.modelNote}
          busy={labels.isPlaceholderData}
          all={total(d)}
          others={d.others}
          columns={[c.model, c.credits, c.share, c.calls, c.unpriced, c.tokens, c.conversations]}
          costs={costsOf(d, (name) => name)}
        />
      )}
    </Part>
  );
}

/** What was paid for. */
export function CallCosts({ query }: { query: AnalyticsQuery }) {
  const labels = useLabels(query, 'call');
  return (
    <Part query={labels} title={t.call}>
      {(d) => (
        <CostCard
          title={t.call}
          busy={labels.isPlaceholderData}
          all={total(d)}
          others={d.others}
          columns={[c.call, c.credits, c.share, c.calls, c.unpriced, c.tokens, c.conversations]}
          costs={costsOf(d, (name) => text.costs.calls[name as keyof typeof text.costs.calls] ?? name)}
        />
      )}
    </Part>
  );
}

const total = (d: AnalyticsLabels) => d.labels.reduce((sum, l) => sum + Number(l.credits), 0);

/** What labels cost, whether or not it is all known. */
export function costsOf(d: AnalyticsLabels, name: (label: string) => string): Cost[] {
  return d.labels.map((l) => ({
    key: l.name,
    name: name(l.name),
    spent: Number(l.credits),
    cells: [number(l.calls), number(l.unpriced), number(l.input_tokens + l.output_tokens), number(l.conversations)],
    href: listLink(d.period.list, 'sort=-credits', l.list),
  }));
}

interface Props {
  title: string;
  note?: string;
  busy: boolean;
  /** What everything cost, also what the server has left out: so many. */
  all: number;
  others: number;
  columns: string[];
  costs: Cost[];
}

function CostCard({ title, note, busy, all, others, columns, costs }: Props) {
  const dear = [...costs].sort((a, b) => b.spent - a.spent);
  const share = (x: Cost) => orNone(all > 0 ? x.spent / all : null, percent);
  const bars = dear.filter((x) => x.spent > 0);
  return (
    <ChartCard
      title={title}
      note={note}
      hidden={{ chart: Math.max(0, bars.length - mostBars) + others, table: others }}
      busy={busy}
      columns={columns}
      rows={dear.map((x) => ({ key: x.key, href: x.href, cells: [x.name, credits(x.spent), share(x), ...x.cells] }))}
    >
      {bars.length > 0 ? (
        <Bars
          label={title}
          bars={bars.slice(0, mostBars).map((x) => ({
            key: x.key,
            label: x.name,
            value: x.spent,
            text: `${credits(x.spent)} · ${share(x)}`,
            href: x.href,
          }))}
        />
      ) : (
        <Text size="sm" c="dimmed">
          {t.none}
        </Text>
      )}
    </ChartCard>
  );
}
