import { Group, Stack, Text, ThemeIcon, Title } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import type { ComponentType, ReactNode } from 'react';
import { text } from '@/text/en';

interface Props {
  icon: ComponentType<{ size?: number; stroke?: number }>;
  title: string;
  children?: ReactNode;
  actions?: ReactNode;
  /** 1 where it is all that the page says. */
  order?: 1 | 2;
}

/** Says that there is nothing here yet, and what to do about it. */
export function EmptyState({ icon: Icon, title, children, actions, order = 2 }: Props) {
  useDocumentTitle(order === 1 ? `${title} · ${text.product}` : '');
  return (
    <Stack align="center" gap="sm" py={56} px="md" maw={520} mx="auto" ta="center">
      <ThemeIcon size={52} radius="xl" variant="light">
        <Icon size={26} stroke={1.6} />
      </ThemeIcon>
      <Title order={order} size="h2">
        {title}
      </Title>
      {children && (
        <Text c="dimmed" size="sm" component="div">
          {children}
        </Text>
      )}
      {actions && (
        <Group gap="xs" justify="center" mt={4}>
          {actions}
        </Group>
      )}
    </Stack>
  );
}
