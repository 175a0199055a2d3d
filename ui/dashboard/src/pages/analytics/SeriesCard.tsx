import { Select } from '@mantine/core';
import { useState } from 'react';
import type { AnalyticsQuery } from '@/api/types';
import { text } from '@/text/en';
import { Part } from './Part';
import { ChartCard } from './charts/ChartCard';
import { TimeChart } from './charts/TimeChart';
import { count, dateBefore, dateIn, inZone, offsetIn } from './format';
import { listLink } from './link';
import { type Measure, measures as all, saidOf } from './measures';
import { type Interval, useSeries } from './queries';

const t = text.analytics.series;
const intervals: Interval[] = ['hour', 'day', 'week', 'month'];

interface Props {
  query: AnalyticsQuery;
  title?: string;
  /** The measures to choose from, the usual one first; all unless given. */
  only?: readonly Measure['key'][];
}

/** The numbers of the period over time. */
export function SeriesCard({ query, title = t.title, only }: Props) {
  const measures = only ? all.filter((m) => only.includes(m.key)) : all;
  const [key, setKey] = useState<string>(only?.[0] ?? 'conversations');
  const [interval, setInterval] = useState<Interval>();
  const series = useSeries(query, interval);
  const measure = measures.find((m) => m.key === key) ?? measures[0]!;
  const controls = (by: Interval | undefined) => (
    <>
      <Select
        size="xs"
        w={190}
        aria-label={t.measure}
        allowDeselect={false}
        value={measure.key}
        onChange={(v) => v && setKey(v)}
        data={measures.map((m) => ({ value: m.key, label: t.measures[m.key] }))}
      />
      <Select
        size="xs"
        w={100}
        aria-label={t.interval}
        allowDeselect={false}
        value={by ?? null}
        onChange={(v) => v && setInterval(v as Interval)}
        data={intervals.map((i) => ({ value: i, label: t.intervals[i] }))}
      />
    </>
  );
  return (
    <Part query={series} title={title} controls={controls(interval)}>
      {(d) => {
        const zone = d.period.time_zone;
        const names = pointNames(d.points, d.interval, zone);
        const marks = d.points.map((p, i) => {
          const value = measure.value(p.numbers);
          return {
            key: p.start,
            label: names[i] ?? '',
            short: shortName(p.start, d.interval, zone),
            value,
            text: saidOf(measure, p.numbers),
            href: p.numbers.conversations > 0 ? listLink(d.period.list, p.list, d.lists[measure.list] ?? '') : '',
          };
        });
        return (
          <ChartCard
            title={title}
            busy={series.isPlaceholderData}
            columns={[t.when, ...measures.map((m) => t.measures[m.key])]}
            rows={d.points.map((p, i) => ({
              key: p.start,
              href: marks[i]?.href ? listLink(d.period.list, p.list) : undefined,
              cells: [
                marks[i]?.label ?? '',
                ...measures.map((m) => ({
                  text: saidOf(m, p.numbers),
                  href: p.numbers.conversations > 0 ? listLink(d.period.list, p.list, d.lists[m.list] ?? '') : '',
                })),
              ],
            }))}
            controls={controls(d.interval)}
            picture={t.picture(
              title,
              t.measures[measure.key],
              dateIn(d.period.started_from, zone),
              dateBefore(d.period.started_to, zone),
            )}
          >
            <TimeChart
              label={t.measures[measure.key]}
              kind={measure.kind}
              marks={marks}
              format={measure.format}
              whole={measure.format === count}
            />
          </ChartCard>
        );
      }}
    </Part>
  );
}

/** What the points are called. An hour that comes twice, when clocks go back, says which one it is. */
function pointNames(points: { start: string; end: string }[], interval: Interval, zone: string): string[] {
  const names = points.map((p) => pointName(p.start, p.end, interval, zone));
  return names.map((name, i) =>
    name === names[i - 1] || name === names[i + 1] ? `${name} (${offsetIn(points[i]?.start ?? '', zone)})` : name,
  );
}

function pointName(start: string, end: string, interval: Interval, zone: string): string {
  switch (interval) {
    case 'hour':
      return inZone(start, zone, {
        weekday: 'short',
        day: 'numeric',
        month: 'short',
        hour: '2-digit',
        minute: '2-digit',
        hourCycle: 'h23',
      });
    case 'day':
      return inZone(start, zone, { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' });
    case 'week':
      return text.conversations.filters.between(
        dateIn(start, zone),
        dateIn(new Date(new Date(end).getTime() - 1).toISOString(), zone),
      );
    case 'month':
      return inZone(start, zone, { month: 'long', year: 'numeric' });
  }
}

function shortName(start: string, interval: Interval, zone: string): string {
  switch (interval) {
    case 'hour':
      return inZone(start, zone, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
    case 'month':
      return inZone(start, zone, { month: 'short', year: '2-digit' });
    default:
      return inZone(start, zone, { day: 'numeric', month: 'short' });
  }
}
