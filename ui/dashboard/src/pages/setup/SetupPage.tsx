import { Button, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { Link, useLocation } from 'react-router';
import { api, data } from '@/api/client';
import { ApiError } from '@/api/error';
import { Notice } from '@/parts/Notice';
import { ErrorState } from '@/parts/ErrorState';
import { PageLoading } from '@/parts/PageLoading';
import { TimeZoneSelect } from '@/parts/TimeZoneSelect';
import { viewerZone } from '@/parts/time';
import { text } from '@/text/en';
import { AuthLayout } from '../signin/AuthLayout';
import { NewPassword, shortestPassword } from '../signin/NewPassword';
import { tokenOf, useAuthState, useEnter } from '../signin/session';

const t = text.access;

/** The first run: makes the workspace and its owner. */
export default function SetupPage() {
  const location = useLocation();
  const token = tokenOf(location, '/setup');
  const state = useAuthState();
  if (state.error) return <ErrorState error={state.error} onRetry={() => void state.refetch()} fullPage />;
  if (!state.data) return <PageLoading />;
  if (!state.data.needs_setup) return <Elsewhere title={t.setup.doneTitle} body={t.setup.doneBody} />;
  if (!token) return <Elsewhere title={t.setup.needLinkTitle} body={t.setup.needLinkBody} stay />;
  return <SetupForm token={token} />;
}

function Elsewhere({ title, body, stay }: { title: string; body: string; stay?: boolean }) {
  return (
    <AuthLayout title={title} note={body}>
      {!stay && (
        <Button component={Link} to="/signin">
          {t.setup.toSignIn}
        </Button>
      )}
    </AuthLayout>
  );
}

function SetupForm({ token }: { token: string }) {
  const enter = useEnter();
  const form = useForm({
    initialValues: { workspace_name: '', name: '', email: '', password: '', time_zone: viewerZone() },
    validate: {
      workspace_name: (value) => (value.trim() ? null : t.problems.workspace),
      name: (value) => (value.trim() ? null : t.problems.name),
      email: (value) => (/.+@.+\..+|.+@localhost/.test(value.trim()) ? null : t.problems.email),
      password: (value) => (value.length >= shortestPassword ? null : t.problems.passwordShort),
    },
  });
  const setup = useMutation({
    mutationFn: (values: typeof form.values) =>
      data(api.POST('/api/v1/auth/setup', { body: { ...values, email: values.email.trim(), token } })),
    onSuccess: (me) => enter(me, '/assistants'),
    onError: (error) => error instanceof ApiError && form.setErrors(error.fieldMap()),
  });
  return (
    <AuthLayout title={t.setup.title} note={t.setup.body}>
      <form onSubmit={form.onSubmit((values) => setup.mutate(values))} noValidate>
        <Stack gap="md">
          {setup.error && (
            <Notice tone="danger">
              <Text size="sm">{setup.error.message}</Text>
            </Notice>
          )}
          <TextInput
            label={t.setup.workspace}
            description={t.setup.workspaceHelp}
            autoComplete="organization"
            size="md"
            autoFocus
            {...form.getInputProps('workspace_name')}
          />
          <TextInput label={t.name} autoComplete="name" size="md" {...form.getInputProps('name')} />
          <TextInput label={t.email} type="email" autoComplete="username" size="md" {...form.getInputProps('email')} />
          <NewPassword {...form.getInputProps('password')} value={form.values.password} />
          <TimeZoneSelect
            label={t.setup.timeZone}
            size="md"
            allowDeselect={false}
            {...form.getInputProps('time_zone')}
            value={form.values.time_zone}
          />
          <Button type="submit" size="md" loading={setup.isPending} fullWidth>
            {t.setup.submit}
          </Button>
        </Stack>
      </form>
    </AuthLayout>
  );
}
