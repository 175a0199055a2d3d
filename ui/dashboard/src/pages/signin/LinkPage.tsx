import { Button, Group, Loader, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { Link } from 'react-router';
import { api, data } from '@/api/client';
import { ApiError } from '@/api/error';
import { text } from '@/text/en';
import { AuthLayout } from './AuthLayout';
import { useEnter } from './session';

const t = text.access.link;

/** Signs in with a one-time link, such as the one that `make run` prints. */
export function LinkPage({ token }: { token: string }) {
  const enter = useEnter();
  const { mutate, error } = useMutation({
    mutationFn: () => data(api.POST('/api/v1/auth/link', { body: { token } })),
    onSuccess: (me) => enter(me, '/'),
    meta: { quiet: true },
  });
  // The link works once: it is used once, also when React runs effects twice.
  const used = useRef(false);
  useEffect(() => {
    if (!token || used.current) return;
    used.current = true;
    mutate();
  }, [token, mutate]);

  if (token && !error) {
    return (
      <AuthLayout title={t.title}>
        <Group gap="sm" role="status">
          <Loader />
          <Text size="sm">{t.working}</Text>
        </Group>
      </AuthLayout>
    );
  }
  const offline = error instanceof ApiError && error.status === 0;
  return (
    <AuthLayout title={offline ? t.title : t.failedTitle}>
      <Stack gap="lg" role="alert">
        <Text size="sm">{!token ? t.missing : offline ? error.message : t.failedBody}</Text>
        <Group gap="xs">
          {offline && <Button onClick={() => mutate()}>{t.retry}</Button>}
          <Button component={Link} to="/signin" variant={offline ? 'default' : 'filled'}>
            {t.toSignIn}
          </Button>
        </Group>
      </Stack>
    </AuthLayout>
  );
}
