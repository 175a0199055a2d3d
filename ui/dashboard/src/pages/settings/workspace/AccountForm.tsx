import { Button, Group, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, data } from '@/api/client';
import type { Me } from '@/api/types';
import { meKey } from '@/auth/useMe';
import { notifyDone } from '@/parts/notify';
import { text } from '@/text/en';
import panel from '../Panel.module.css';

const t = text.settings.workspace;

/** One's own name. */
export function AccountForm({ member }: { member: NonNullable<Me['member']> }) {
  const client = useQueryClient();
  const form = useForm({
    initialValues: { name: member.name },
    validate: { name: (value) => (value.trim() ? null : text.access.problems.name) },
  });
  const save = useMutation({
    mutationFn: (values: typeof form.values) => data(api.PATCH('/api/v1/me', { body: { name: values.name.trim() } })),
    onSuccess: (me) => {
      client.setQueryData(meKey, me);
      notifyDone(text.settings.saved);
    },
  });
  return (
    <form noValidate className={`${panel.panel} ${panel.padded}`} onSubmit={form.onSubmit((v) => save.mutate(v))}>
      <Stack gap="md">
        <TextInput label={t.yourName} autoComplete="name" maxLength={100} {...form.getInputProps('name')} />
        <TextInput label={text.access.email} value={member.email} readOnly autoComplete="email" />
        <Group justify="flex-end">
          <Button type="submit" loading={save.isPending} disabled={!form.isDirty()}>
            {text.common.save}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
