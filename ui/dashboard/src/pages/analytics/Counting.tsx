import { Progress, Text } from '@mantine/core';
import { Notice } from '@/parts/Notice';
import { text } from '@/text/en';

const t = text.analytics;

/** How much of what has to be counted is; nothing where all is. */
export function Counting({ progress, capped }: { progress: number; capped: boolean }) {
  if (progress >= 1) return capped && <Notice tone="warn">{t.capped}</Notice>;
  const percent = Math.floor(progress * 100);
  return (
    <div role="status">
      <Text size="sm" c="dimmed" mb={6}>
        {t.counting(percent)}
      </Text>
      <Progress value={percent} size="sm" aria-label={t.counting(percent)} />
    </div>
  );
}
