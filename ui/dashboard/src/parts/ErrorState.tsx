import { Button, Center, Code, Stack, Text, ThemeIcon, Title } from '@mantine/core';
import { IconCloudOff, IconLock, IconMoodConfuzed, IconRefresh } from '@tabler/icons-react';
import { ApiError } from '@/api/error';
import { text } from '@/text/en';

interface Props {
  error: unknown;
  title?: string;
  onRetry?: () => void;
  fullPage?: boolean;
}

/** Says what went wrong, what to do, and offers to try again. */
export function ErrorState({ error, title, onRetry, fullPage }: Props) {
  const api = error instanceof ApiError ? error : null;
  const Icon = api?.code === 'forbidden' ? IconLock : api && api.status === 0 ? IconCloudOff : IconMoodConfuzed;
  const body = (
    <Stack align="center" gap="sm" py={48} px="md" maw={480} mx="auto" ta="center" role="alert">
      <ThemeIcon size={52} radius="xl" variant="light" color="red">
        <Icon size={26} stroke={1.6} />
      </ThemeIcon>
      <Title order={fullPage ? 1 : 2} size="h2">
        {title ?? text.errors.title}
      </Title>
      <Text size="sm">{error instanceof Error && error.message ? error.message : text.errors.fallback}</Text>
      {api && (
        <Text c="dimmed" size="sm">
          {text.errors.whatToDo[api.code]}
        </Text>
      )}
      {onRetry && (
        <Button variant="default" leftSection={<IconRefresh size={16} />} onClick={onRetry} mt={4}>
          {text.common.retry}
        </Button>
      )}
      {api && api.status > 0 && (
        <Code c="dimmed">
          {api.status} {api.code}
        </Code>
      )}
    </Stack>
  );
  return fullPage ? <Center mih="100dvh">{body}</Center> : body;
}
