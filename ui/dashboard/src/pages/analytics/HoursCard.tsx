import type { AnalyticsSummary } from '@/api/types';
import { number } from '@/parts/number';
import { text } from '@/text/en';
import { ChartCard } from './charts/ChartCard';
import { HeatMap } from './charts/HeatMap';
import { listLink } from './link';

const t = text.analytics;

/** When conversations start. */
export function HoursCard({ summary }: { summary: AnalyticsSummary }) {
  const cells = summary.hours.map((h, i) => ({
    label: t.hour(Math.floor(i / 24), i % 24),
    text: number(h.conversations),
    value: h.conversations,
    href: h.conversations > 0 ? listLink(summary.period.list, h.list) : '',
  }));
  const hours = Array.from({ length: 24 }, (_, h) => h);
  return (
    <ChartCard
      title={t.hours.title}
      note={t.hours.note}
      columns={[t.hours.day, ...hours.map((h) => String(h).padStart(2, '0'))]}
      rows={Array.from({ length: 7 }, (_, d) => ({
        key: String(d),
        cells: [t.weekday(d), ...hours.map((h) => cells[d * 24 + h] ?? '')],
      }))}
    >
      <HeatMap label={t.hours.title} cells={cells} />
    </ChartCard>
  );
}
