import { SegmentedControl, Table } from '@mantine/core';
import { useId, useState } from 'react';
import type { AnalyticsGroup, AnalyticsNumbers, AnalyticsQuery } from '@/api/types';
import { Tag } from '@/parts/Tag';
import { number } from '@/parts/number';
import { text } from '@/text/en';
import classes from './Compare.module.css';
import { ListLink } from './ListLink';
import { Part } from './Part';
import chart from './charts/Chart.module.css';
import { cost, credits, mean, orNone, percent, seconds } from './format';
import { groupName } from './groups';
import { listLink } from './link';
import { type Dimension, useGroups } from './queries';

const t = text.analytics.compare;
type Measure = keyof typeof t.measures;

interface Column {
  key: Measure;
  value: (n: AnalyticsNumbers) => number | null;
  format: (v: number) => string;
  list: string;
  /** It is about credits, which may not be known in full. */
  cost?: boolean;
  /** Whether more of it is better, worse, or neither. */
  good?: 'higher' | 'lower';
}

const columns: Column[] = [
  { key: 'resolution_rate', value: (n) => n.resolution_rate, format: percent, list: 'resolved', good: 'higher' },
  { key: 'handover_rate', value: (n) => n.handover_rate, format: percent, list: 'handed_over', good: 'lower' },
  { key: 'first_reply', value: (n) => n.first_reply.mean, format: seconds, list: 'replied', good: 'lower' },
  { key: 'reply', value: (n) => n.reply.mean, format: seconds, list: 'replied', good: 'lower' },
  { key: 'duration', value: (n) => n.duration.mean, format: seconds, list: '' },
  { key: 'messages_per_conversation', value: (n) => n.messages_per_conversation, format: mean, list: '' },
  { key: 'tokens_per_conversation', value: (n) => n.tokens_per_conversation, format: mean, list: '', good: 'lower' },
  {
    key: 'credits_per_conversation',
    value: (n) => (n.credits_per_conversation === null ? null : Number(n.credits_per_conversation)),
    format: credits,
    list: '',
    cost: true,
    good: 'lower',
  },
];

const mostGroups = 20;

/** Which assistant, version or source does better, and whether that can be said at all. */
export function CompareCard({ query }: { query: AnalyticsQuery }) {
  const [by, setBy] = useState<Dimension>('assistant');
  const groups = useGroups(query, by);
  const id = useId();
  return (
    <Part query={groups} title={t.title}>
      {(d) => {
        const shown = d.groups.slice(0, mostGroups);
        const base = shown[0];
        return (
          <section className={chart.card} aria-labelledby={id} aria-busy={groups.isPlaceholderData || undefined}>
            <header className={chart.head}>
              <div className={chart.titles}>
                <h2 id={id}>{t.title}</h2>
                <p>{base && shown.length > 1 ? t.note(groupName(base, by)) : t.one}</p>
              </div>
              <SegmentedControl
                size="xs"
                aria-label={t.of}
                value={by}
                onChange={(v) => setBy(v as Dimension)}
                data={[
                  { value: 'assistant', label: t.assistants },
                  { value: 'version', label: t.versions },
                  { value: 'source', label: t.sources },
                ]}
              />
            </header>
            <div className={classes.scroll} tabIndex={0} role="region" aria-labelledby={id}>
              <Table className="tabular" verticalSpacing={9} horizontalSpacing={8} fz={13}>
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>{text.analytics.breakdown.dimensions[by as 'assistant']}</Table.Th>
                    <Table.Th ta="right">{text.analytics.breakdown.conversations}</Table.Th>
                    {columns.map((c) => (
                      <Table.Th key={c.key} ta="right">
                        {t.measures[c.key]}
                      </Table.Th>
                    ))}
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {shown.map((g) => (
                    <Table.Tr key={g.list}>
                      <Table.Th scope="row" className={classes.name}>
                        {groupName(g, by)}
                        {g === base && shown.length > 1 && <Tag>{t.base}</Tag>}
                      </Table.Th>
                      <Table.Td ta="right">
                        <ListLink to={listLink(d.period.list, g.list)}>{number(g.numbers.conversations)}</ListLink>
                      </Table.Td>
                      {columns.map((c) => (
                        <Table.Td key={c.key} ta="right">
                          <Value
                            g={g}
                            column={c}
                            href={listLink(d.period.list, g.list, d.lists[c.list] ?? '')}
                            compared={g !== base}
                          />
                        </Table.Td>
                      ))}
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </div>
            {d.groups.length > mostGroups && (
              <p className={chart.readout}>{text.analytics.chart.more(d.groups.length - mostGroups + d.others)}</p>
            )}
          </section>
        );
      }}
    </Part>
  );
}

interface ValueProps {
  g: AnalyticsGroup;
  column: Column;
  href: string;
  compared: boolean;
}

function Value({ g, column, href, compared }: ValueProps) {
  const value = column.value(g.numbers);
  const unpriced = column.cost ? g.numbers.unpriced : 0;
  if (value === null && unpriced === 0) return <span>{text.common.none}</span>;
  const bounds = g.bounds[column.key];
  return (
    <span className={classes.value}>
      <ListLink to={href}>{column.cost ? cost(value, unpriced) : orNone(value, column.format)}</ListLink>
      {bounds && (
        <span className={classes.bounds}>
          {t.interval(column.format(Math.max(0, bounds.low)), column.format(bounds.high))}
        </span>
      )}
      {compared && value !== null && <Verdict says={g.against[column.key] ?? 'none'} good={column.good} />}
    </span>
  );
}

function Verdict({ says, good }: { says: string; good?: 'higher' | 'lower' }) {
  if (says !== 'higher' && says !== 'lower') return <span className={classes.none}>{t.none}</span>;
  const tone = good === undefined ? 'quiet' : says === good ? 'good' : 'warn';
  return <Tag tone={tone}>{t[says]}</Tag>;
}
