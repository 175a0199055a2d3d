import { Button, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link, useLocation } from 'react-router';
import { api, data } from '@/api/client';
import { ApiError } from '@/api/error';
import type { InviteInfo } from '@/api/types';
import { Notice } from '@/parts/Notice';
import { ErrorState } from '@/parts/ErrorState';
import { PageLoading } from '@/parts/PageLoading';
import { fullTime } from '@/parts/time';
import { text } from '@/text/en';
import { AuthLayout } from '../signin/AuthLayout';
import { NewPassword, shortestPassword } from '../signin/NewPassword';
import { tokenOf, useEnter } from '../signin/session';

const t = text.access;

/** Makes the holder of an invitation's link a member. */
export default function JoinPage() {
  const token = tokenOf(useLocation(), '/join');
  const invite = useQuery({
    queryKey: ['invite', token],
    queryFn: ({ signal }) => data(api.GET('/api/v1/auth/invites/{token}', { params: { path: { token } }, signal })),
    enabled: token !== '',
  });
  const gone = !token || (invite.error instanceof ApiError && [401, 404, 409, 422].includes(invite.error.status));
  if (gone) {
    return (
      <AuthLayout title={t.join.gone} note={t.join.goneBody}>
        <Button component={Link} to="/signin" variant="default">
          {t.setup.toSignIn}
        </Button>
      </AuthLayout>
    );
  }
  if (invite.error) return <ErrorState error={invite.error} onRetry={() => void invite.refetch()} fullPage />;
  if (!invite.data) return <PageLoading />;
  return <JoinForm token={token} invite={invite.data} />;
}

function JoinForm({ token, invite }: { token: string; invite: InviteInfo }) {
  const enter = useEnter();
  const form = useForm({
    initialValues: { name: '', email: invite.email, password: '' },
    validate: {
      name: (value) => (value.trim() ? null : t.problems.name),
      email: (value) => (/.+@.+/.test(value.trim()) ? null : t.problems.email),
      password: (value) => (value.length >= shortestPassword ? null : t.problems.passwordShort),
    },
  });
  const join = useMutation({
    mutationFn: (values: typeof form.values) =>
      data(api.POST('/api/v1/auth/join', { body: { ...values, email: values.email.trim(), token } })),
    onSuccess: (me) => enter(me, '/'),
    onError: (error) => error instanceof ApiError && form.setErrors(error.fieldMap()),
  });
  return (
    <AuthLayout title={t.join.title(invite.workspace)} note={t.join.body(text.roles[invite.role].toLowerCase())}>
      <form onSubmit={form.onSubmit((values) => join.mutate(values))} noValidate>
        <Stack gap="md">
          {join.error && <Notice tone="danger">{join.error.message}</Notice>}
          <TextInput label={t.name} autoComplete="name" size="md" autoFocus {...form.getInputProps('name')} />
          <TextInput
            label={t.email}
            type="email"
            autoComplete="username"
            size="md"
            readOnly={invite.email !== ''}
            description={invite.email ? t.join.fixedEmail : undefined}
            {...form.getInputProps('email')}
          />
          <NewPassword {...form.getInputProps('password')} value={form.values.password} />
          <Button type="submit" size="md" loading={join.isPending} fullWidth>
            {t.join.submit}
          </Button>
        </Stack>
      </form>
      <Text c="dimmed" size="xs" mt="lg">
        {t.join.expires(fullTime(invite.expires_at))}
      </Text>
    </AuthLayout>
  );
}
