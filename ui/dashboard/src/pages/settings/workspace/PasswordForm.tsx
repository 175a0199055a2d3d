import { Button, Group, PasswordInput, Stack } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { api, data } from '@/api/client';
import { Notice } from '@/parts/Notice';
import { notifyDone } from '@/parts/notify';
import { NewPassword, shortestPassword } from '@/pages/signin/NewPassword';
import { text } from '@/text/en';
import panel from '../Panel.module.css';

const t = text.settings.workspace;

/** Changes one's own password. */
export function PasswordForm() {
  const form = useForm({
    initialValues: { current_password: '', password: '' },
    validate: {
      current_password: (value) => (value ? null : t.passwordNeeded),
      password: (value) => (value.length >= shortestPassword ? null : t.passwordShort),
    },
  });
  const save = useMutation({
    mutationFn: (values: typeof form.values) => data(api.PATCH('/api/v1/me', { body: values })),
    onSuccess: () => {
      form.reset();
      notifyDone(t.passwordChanged);
    },
    meta: { quiet: true },
  });
  return (
    <form noValidate className={`${panel.panel} ${panel.padded}`} onSubmit={form.onSubmit((v) => save.mutate(v))}>
      <Stack gap="md">
        {save.error && <Notice tone="danger">{save.error.message}</Notice>}
        <PasswordInput
          label={t.currentPassword}
          autoComplete="current-password"
          visibilityToggleButtonProps={{ 'aria-label': text.access.show, tabIndex: 0 }}
          {...form.getInputProps('current_password')}
        />
        <NewPassword {...form.getInputProps('password')} label={t.password} size="sm" value={form.values.password} />
        <Group justify="flex-end">
          <Button type="submit" variant="default" loading={save.isPending} disabled={!form.isDirty()}>
            {t.changePassword}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
