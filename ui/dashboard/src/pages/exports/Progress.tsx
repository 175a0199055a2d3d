import { Progress as Bar, Stack, Text } from '@mantine/core';
import type { Export } from '@/api/types';
import { fileSize, number } from '@/parts/number';
import { text } from '@/text/en';
import { percent } from './request';

const t = text.exports;

/** How far an export is. */
export function Progress({ of: e }: { of: Export }) {
  const done = percent(e);
  return (
    <Stack gap={6}>
      <Bar.Root size="md">
        <Bar.Section
          value={done ?? 100}
          animated={done === null}
          striped={done === null}
          aria-label={t.progressLabel}
        />
      </Bar.Root>
      <Text size="sm" c="dimmed" className="tabular">
        {e.state === 'queued'
          ? t.queued
          : `${e.total === null ? t.conversations(number(e.done), e.done === 1) : t.progress(number(e.done), t.conversations(number(e.total), e.total === 1))} · ${fileSize(e.size)}`}
      </Text>
    </Stack>
  );
}
