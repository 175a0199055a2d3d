import { Button, Code, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { Navigate, useSearchParams } from 'react-router';
import { api, data } from '@/api/client';
import { ApiError } from '@/api/error';
import { Notice } from '@/parts/Notice';
import { text } from '@/text/en';
import { AuthLayout } from './AuthLayout';
import classes from './AuthLayout.module.css';
import { safeNext, useAuthState, useEnter } from './session';

const t = text.access;

export function SignInForm() {
  const [search] = useSearchParams();
  const next = search.get('next');
  const state = useAuthState();
  const enter = useEnter();
  const form = useForm({
    initialValues: { email: '', password: '' },
    validate: {
      email: (value) => (/.+@.+/.test(value.trim()) ? null : t.problems.email),
      password: (value) => (value ? null : t.problems.password),
    },
  });
  const signIn = useMutation({
    mutationFn: (values: typeof form.values) =>
      data(api.POST('/api/v1/auth/signin', { body: { ...values, email: values.email.trim() } })),
    onSuccess: (me) => enter(me, safeNext(next)),
    onError: () => form.setFieldValue('password', ''),
  });

  if (state.data?.needs_setup) return <Navigate to="/setup" replace />;
  if (state.data?.signed_in) return <Navigate to={safeNext(next)} replace />;
  const note = next ? t.signIn.ended : undefined;
  return (
    <AuthLayout title={t.signIn.title} note={note}>
      <form onSubmit={form.onSubmit((values) => signIn.mutate(values))} noValidate>
        <Stack gap="md">
          {signIn.error && <Notice tone="danger">{problemOf(signIn.error)}</Notice>}
          <TextInput
            label={t.email}
            type="email"
            autoComplete="username"
            size="md"
            autoFocus
            {...form.getInputProps('email')}
          />
          <PasswordInput
            label={t.password}
            autoComplete="current-password"
            size="md"
            visibilityToggleButtonProps={{ 'aria-label': t.show, tabIndex: 0 }}
            {...form.getInputProps('password')}
          />
          <Button type="submit" size="md" loading={signIn.isPending} fullWidth>
            {t.signIn.submit}
          </Button>
        </Stack>
      </form>
      <Text c="dimmed" size="sm" mt="xl" component="div">
        {t.signIn.help}
        <Code className={classes.command}>{t.signIn.command}</Code>
      </Text>
    </AuthLayout>
  );
}

function problemOf(error: unknown): string {
  if (error instanceof ApiError && error.code === 'unauthorized') return t.signIn.wrong;
  return error instanceof Error ? error.message : text.errors.fallback;
}
