import { Button, SegmentedControl, Table, Text } from '@mantine/core';
import { type ReactNode, useId, useState } from 'react';
import type { AnalyticsLabels, AnalyticsQuery } from '@/api/types';
import { Tag } from '@/parts/Tag';
import { number } from '@/parts/number';
import { text } from '@/text/en';
import classes from './Compare.module.css';
import { ListLink } from './ListLink';
import { Part } from './Part';
import chart from './charts/Chart.module.css';
import { Interval } from './charts/Interval';
import { orNone, percent } from './format';
import { groupName } from './groups';
import { listLink } from './link';
import { type LabelKind, useGroups, useLabels } from './queries';

const t = text.analytics.works;
type Kind = keyof typeof t.kinds;
const few = 10;
type Had = Pick<
  AnalyticsLabels['labels'][number],
  'name' | 'list' | 'conversations' | 'evaluated' | 'resolved' | 'resolution_rate' | 'bounds' | 'resolution'
>;

/** What the conversations had that were resolved, and those that were not. */
export function WorksCard({ query }: { query: AnalyticsQuery }) {
  const [kind, setKind] = useState<Kind>('topic');
  const control = (
    <SegmentedControl
      size="xs"
      aria-label={t.of}
      value={kind}
      onChange={(v) => setKind(v as Kind)}
      data={(Object.keys(t.kinds) as Kind[]).map((k) => ({ value: k, label: t.kinds[k] }))}
    />
  );
  return kind === 'version' ? (
    <Versions query={query} control={control} />
  ) : (
    <Labels query={query} kind={kind} control={control} />
  );
}

interface Props {
  query: AnalyticsQuery;
  control: ReactNode;
}

function Labels({ query, kind, control }: Props & { kind: Kind & LabelKind }) {
  const labels = useLabels(query, kind);
  return (
    <Part query={labels} title={t.title} controls={control}>
      {(d) => (
        <Works
          kind={kind}
          control={control}
          busy={labels.isPlaceholderData}
          list={d.period.list}
          lists={d.lists}
          had={d.labels}
          others={d.others}
        />
      )}
    </Part>
  );
}

function Versions({ query, control }: Props) {
  const groups = useGroups(query, 'version');
  return (
    <Part query={groups} title={t.title} controls={control}>
      {(d) => (
        <Works
          kind="version"
          control={control}
          busy={groups.isPlaceholderData}
          list={d.period.list}
          lists={d.lists}
          had={d.groups.map((g) => ({
            ...g.numbers,
            name: groupName(g, 'version'),
            list: g.list,
            bounds: g.bounds.resolution_rate ?? null,
            resolution: g.resolution,
          }))}
          others={d.others}
        />
      )}
    </Part>
  );
}

interface WorksProps {
  kind: Kind;
  control: ReactNode;
  busy: boolean;
  list: string;
  lists: Record<string, string>;
  had: Had[];
  others: number;
}

function Works({ kind, control, busy, list, lists, had, others }: WorksProps) {
  const [all, setAll] = useState(false);
  const id = useId();
  return (
    <section className={chart.card} aria-labelledby={id} aria-busy={busy || undefined}>
      <header className={chart.head}>
        <div className={chart.titles}>
          <h2 id={id}>{t.title}</h2>
          <p>
            {t.from[kind]} {t.note}
          </p>
        </div>
        {control}
      </header>
      {had.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t.none[kind]}
        </Text>
      ) : (
        <div className={classes.scroll} tabIndex={0} role="region" aria-labelledby={id}>
          <Table className="tabular" verticalSpacing={7} fz={13}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t.kinds[kind]}</Table.Th>
                <Table.Th ta="right">{text.analytics.breakdown.conversations}</Table.Th>
                <Table.Th ta="right">{text.analytics.breakdown.resolution}</Table.Th>
                <Table.Th className={classes.wide}>{text.analytics.tiles.resolution}</Table.Th>
                <Table.Th>{t.verdict}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {had.slice(0, all ? undefined : few).map((l) => (
                <Row key={l.list} label={l} list={list} lists={lists} />
              ))}
            </Table.Tbody>
          </Table>
        </div>
      )}
      {!all && had.length > few && (
        <Button variant="subtle" size="compact-sm" mt={8} onClick={() => setAll(true)}>
          {t.showAll(had.length)}
        </Button>
      )}
      {all && others > 0 && <p className={chart.readout}>{text.analytics.chart.more(others)}</p>}
    </section>
  );
}

function Row({ label: l, list, lists }: { label: Had; list: string; lists: Record<string, string> }) {
  return (
    <Table.Tr>
      <Table.Th scope="row" className={classes.name}>
        {l.name}
      </Table.Th>
      <Table.Td ta="right">
        <ListLink to={listLink(list, l.list)}>{number(l.conversations)}</ListLink>
      </Table.Td>
      <Table.Td ta="right">
        {l.evaluated > 0 ? (
          <ListLink to={listLink(list, l.list, lists.evaluated ?? '')}>
            {text.analytics.tiles.ofEvaluated(number(l.resolved), number(l.evaluated))}
          </ListLink>
        ) : (
          text.common.none
        )}
      </Table.Td>
      <Table.Td>
        {l.bounds && l.resolution_rate !== null && (
          <span className={classes.rate}>
            <Interval low={l.bounds.low} value={l.resolution_rate} high={l.bounds.high} />
            {orNone(l.resolution_rate, percent)}
          </span>
        )}
      </Table.Td>
      <Table.Td>
        {l.evaluated > 0 && (
          <Tag tone={l.resolution === 'higher' ? 'good' : l.resolution === 'lower' ? 'warn' : 'quiet'}>
            {l.resolution === 'higher' ? t.better : l.resolution === 'lower' ? t.worse : t.noDifference}
          </Tag>
        )}
      </Table.Td>
    </Table.Tr>
  );
}
