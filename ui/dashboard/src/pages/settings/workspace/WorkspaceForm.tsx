import { Button, Group, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { api, data } from '@/api/client';
import { ApiError } from '@/api/error';
import type { Workspace } from '@/api/types';
import { useCan } from '@/auth/useMe';
import { TimeZoneSelect } from '@/parts/TimeZoneSelect';
import { notifyDone, notifyError } from '@/parts/notify';
import { text } from '@/text/en';
import panel from '../Panel.module.css';
import { useKeepWorkspace } from './queries';

const t = text.settings.workspace;

export function WorkspaceForm({ workspace }: { workspace: Workspace }) {
  const mayWrite = useCan('settings:write');
  const keep = useKeepWorkspace();
  const form = useForm({
    initialValues: { name: workspace.name, time_zone: workspace.time_zone },
    validate: { name: (value) => (value.trim() ? null : t.problems.name) },
  });
  const save = useMutation({
    mutationFn: (values: typeof form.values) =>
      data(api.PATCH('/api/v1/workspace', { body: { name: values.name.trim(), time_zone: values.time_zone } })),
    onSuccess: (saved) => {
      keep(saved);
      notifyDone(text.settings.saved);
    },
    onError: (error) => {
      if (error instanceof ApiError && error.fields.length > 0) form.setErrors(error.fieldMap());
      else notifyError(error);
    },
  });
  return (
    <form noValidate className={`${panel.panel} ${panel.padded}`} onSubmit={form.onSubmit((v) => save.mutate(v))}>
      <Stack gap="md">
        <TextInput label={t.name} maxLength={100} readOnly={!mayWrite} {...form.getInputProps('name')} />
        <TimeZoneSelect
          label={t.timeZone}
          description={t.timeZoneHelp}
          allowDeselect={false}
          readOnly={!mayWrite}
          {...form.getInputProps('time_zone')}
          value={form.values.time_zone}
        />
        {mayWrite && (
          <Group justify="flex-end">
            <Button type="submit" loading={save.isPending} disabled={!form.isDirty()}>
              {text.common.save}
            </Button>
          </Group>
        )}
      </Stack>
    </form>
  );
}
