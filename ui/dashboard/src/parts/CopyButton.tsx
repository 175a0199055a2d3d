import { ActionIcon, Button, Tooltip } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { text } from '@/text/en';

interface Props {
  value: string;
  /** Shown beside the icon; without it the button is only an icon. */
  label?: string;
  /** What the icon alone is called. */
  name?: string;
}

export function CopyButton({ value, label, name = text.common.copy }: Props) {
  const clipboard = useClipboard({ timeout: 1600 });
  const Icon = clipboard.copied ? IconCheck : IconCopy;
  const says = clipboard.error ? text.common.copyFailed : clipboard.copied ? text.common.copied : name;
  if (label) {
    return (
      <Button variant="default" leftSection={<Icon size={16} />} onClick={() => clipboard.copy(value)}>
        {clipboard.copied ? text.common.copied : label}
      </Button>
    );
  }
  return (
    <Tooltip label={says}>
      <ActionIcon aria-label={says} onClick={() => clipboard.copy(value)}>
        <Icon size={16} stroke={1.7} />
      </ActionIcon>
    </Tooltip>
  );
}
