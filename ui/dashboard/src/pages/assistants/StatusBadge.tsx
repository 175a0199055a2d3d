import { Badge, Tooltip } from '@mantine/core';
import type { AssistantStatus } from '@/api/types';
import { text } from '@/text/en';

const colors: Record<AssistantStatus, string> = { draft: 'yellow', active: 'teal', inactive: 'gray' };

/** Where an assistant answers, in a word; the rest on hover. */
export function StatusBadge({ status }: { status: AssistantStatus }) {
  const { label, help } = text.assistants.status[status];
  return (
    <Tooltip label={help} multiline maw={260}>
      <Badge variant="dot" color={colors[status]} tt="none" fw={560} size="md">
        {label}
      </Badge>
    </Tooltip>
  );
}
