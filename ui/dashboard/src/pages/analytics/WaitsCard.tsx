import type { AnalyticsSummary } from '@/api/types';
import { number } from '@/parts/number';
import { duration } from '@/parts/time';
import { text } from '@/text/en';
import { Bars } from './charts/Bars';
import { ChartCard } from './charts/ChartCard';
import { listLink } from './link';

const t = text.analytics.waits;

/** How long the first reply took. */
export function WaitsCard({ summary }: { summary: AnalyticsSummary }) {
  const bars = summary.first_replies.map((w) => ({
    key: String(w.from),
    label: waitName(w.from, w.to),
    value: w.conversations,
    text: number(w.conversations),
    href: w.conversations > 0 ? listLink(summary.period.list, w.list) : '',
  }));
  return (
    <ChartCard
      title={t.title}
      columns={[t.column, text.analytics.breakdown.conversations]}
      rows={bars.map((b) => ({ key: b.key, cells: [b.label, b.text], href: b.href || undefined }))}
    >
      <Bars label={t.title} bars={bars} />
    </ChartCard>
  );
}

function waitName(from: number, to: number | null): string {
  if (to === null) return t.over(duration(from));
  return from === 0 ? t.under(duration(to)) : t.between(duration(from), duration(to));
}
