import { Text } from '@mantine/core';
import type { AnalyticsLabels, AnalyticsQuery } from '@/api/types';
import { number } from '@/parts/number';
import { text } from '@/text/en';
import { Part } from './Part';
import { Bars } from './charts/Bars';
import { ChartCard } from './charts/ChartCard';
import { orNone, percent } from './format';
import { listLink } from './link';
import { useLabels } from './queries';

const t = text.analytics.ratings;
const scores = ['5', '4', '3', '2', '1'];

/** How visitors rated the conversations. */
export function RatingsCard({ query }: { query: AnalyticsQuery }) {
  const labels = useLabels(query, 'rating');
  return (
    <Part query={labels} title={t.title}>
      {(d) => {
        const { count, mean } = averageOf(d.labels);
        const bars = scores.map((score) => {
          const label = d.labels.find((l) => l.name === score);
          const value = label?.conversations ?? 0;
          return {
            key: score,
            label: t.score(score),
            value,
            text: count > 0 ? `${number(value)} · ${percent(value / count)}` : number(value),
            href: label ? listLink(d.period.list, label.list) : '',
            resolved: orNone(label?.resolution_rate ?? null, percent),
          };
        });
        return (
          <ChartCard
            title={t.title}
            note={count > 0 ? t.average(mean.toFixed(1), number(count)) : undefined}
            busy={labels.isPlaceholderData}
            columns={[t.column, text.analytics.breakdown.conversations, text.analytics.breakdown.resolution]}
            rows={bars.map((b) => ({
              key: b.key,
              cells: [b.label, b.text, b.resolved],
              href: b.href || undefined,
            }))}
          >
            {count > 0 ? (
              <Bars label={t.title} bars={bars} />
            ) : (
              <Text size="sm" c="dimmed">
                {t.none}
              </Text>
            )}
          </ChartCard>
        );
      }}
    </Part>
  );
}

/** How many ratings there are, and their mean; 0 of none. */
export function averageOf(labels: AnalyticsLabels['labels']): { count: number; mean: number } {
  const count = labels.reduce((n, l) => n + l.conversations, 0);
  const sum = labels.reduce((n, l) => n + Number(l.name) * l.conversations, 0);
  return { count, mean: count > 0 ? sum / count : 0 };
}
