import { Button, SegmentedControl, Table, Text } from '@mantine/core';
import { useId, useState } from 'react';
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
import { listLink } from './link';
import { type LabelKind, useLabels } from './queries';

const t = text.analytics.works;
type Kind = keyof typeof t.kinds & LabelKind;
const few = 10;
type Label = AnalyticsLabels['labels'][number];

/** What the conversations had that were resolved, and those that were not. */
export function WorksCard({ query }: { query: AnalyticsQuery }) {
  const [kind, setKind] = useState<Kind>('topic');
  const [all, setAll] = useState(false);
  const labels = useLabels(query, kind);
  const id = useId();
  return (
    <Part query={labels} title={t.title}>
      {(d) => (
        <section className={chart.card} aria-labelledby={id} aria-busy={labels.isPlaceholderData || undefined}>
          <header className={chart.head}>
            <div className={chart.titles}>
              <h2 id={id}>{t.title}</h2>
              <p>
                {t.from[kind]} {t.note}
              </p>
            </div>
            <SegmentedControl
              size="xs"
              aria-label={t.of}
              value={kind}
              onChange={(v) => setKind(v as Kind)}
              data={(Object.keys(t.kinds) as Kind[]).map((k) => ({ value: k, label: t.kinds[k] }))}
            />
          </header>
          {d.labels.length === 0 ? (
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
                  {d.labels.slice(0, all ? undefined : few).map((l) => (
                    <Row key={l.name} label={l} list={d.period.list} lists={d.lists} />
                  ))}
                </Table.Tbody>
              </Table>
            </div>
          )}
          {!all && d.labels.length > few && (
            <Button variant="subtle" size="compact-sm" mt={8} onClick={() => setAll(true)}>
              {t.showAll(d.labels.length)}
            </Button>
          )}
          {all && d.others > 0 && <p className={chart.readout}>{text.analytics.chart.more(d.others)}</p>}
        </section>
      )}
    </Part>
  );
}

function Row({ label: l, list, lists }: { label: Label; list: string; lists: Record<string, string> }) {
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
