import { Group, Stack, Text, Title } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { text } from '@/text/en';

interface Props {
  title: string;
  /** What stands in the browser's tab, the title unless given. */
  tab?: string;
  note?: ReactNode;
  actions?: ReactNode;
}

export function PageHeader({ title, tab, note, actions }: Props) {
  useDocumentTitle(`${tab ?? title} · ${text.product}`);
  return (
    <Group justify="space-between" align="flex-end" gap="sm" wrap="wrap">
      <Stack gap={2}>
        <Title order={1}>{title}</Title>
        {note && (
          <Text c="dimmed" size="sm">
            {note}
          </Text>
        )}
      </Stack>
      {actions && <Group gap="xs">{actions}</Group>}
    </Group>
  );
}
