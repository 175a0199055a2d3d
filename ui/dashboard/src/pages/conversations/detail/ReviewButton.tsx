import { Button, Tooltip } from '@mantine/core';
import { IconEye, IconEyeCheck } from '@tabler/icons-react';
import type { Conversation } from '@/api/types';
import { useCan } from '@/auth/useMe';
import { fullTime } from '@/parts/time';
import { text } from '@/text/en';
import type { Marks } from './useMarks';

const t = text.desk.review;

/** Whether somebody has looked at a conversation; a click says so, another takes it back. */
export function ReviewButton({ conversation: c, marks }: { conversation: Conversation; marks: Marks }) {
  const may = useCan('conversations:write');
  if (!may && !c.reviewed) return null;
  const by = c.review ? t.by(c.review.by.name, fullTime(c.review.at)) : '';
  return (
    <Tooltip label={c.reviewed ? by || t.reviewed : `${t.mark} (r)`}>
      <Button
        size="xs"
        variant="default"
        c={c.reviewed ? 'var(--p-good)' : undefined}
        aria-pressed={c.reviewed}
        disabled={!may}
        loading={marks.review.isPending}
        leftSection={c.reviewed ? <IconEyeCheck size={16} stroke={1.8} /> : <IconEye size={16} stroke={1.8} />}
        onClick={() => marks.review.mutate(!c.reviewed)}
      >
        {c.reviewed ? t.reviewed : t.mark}
      </Button>
    </Tooltip>
  );
}
