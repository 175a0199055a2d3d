import { Accordion, Button, Group, NumberInput, PasswordInput, Select, Stack, Switch, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, data } from '@/api/client';
import { ApiError } from '@/api/error';
import type { SaveSender, Sender } from '@/api/types';
import { Notice } from '@/parts/Notice';
import { text } from '@/text/en';
import { TestConnection } from './TestConnection';
import { useSenders } from './queries';

const t = text.whatsapp.form;

interface Props {
  /** The number that is changed; none to connect one. */
  sender?: Sender;
  onSaved: (sender: Sender) => void;
  onCancel?: () => void;
}

/** The settings of a number, which can be tried before they are saved. */
export function SenderForm({ sender, onSaved, onCancel }: Props) {
  const client = useQueryClient();
  const assistants = useQuery({
    queryKey: ['assistants', 'choice'],
    queryFn: ({ signal }) => data(api.GET('/api/v1/assistants', { params: { query: { limit: 100 } }, signal })),
  });
  const others = useSenders().data?.data ?? [];
  const apps = [...new Map(others.filter((s) => !s.simulated).map((s) => [s.app.id, s.app])).values()];
  const form = useForm({
    initialValues: {
      name: sender?.name ?? '',
      phone_number_id: sender?.phone_number_id ?? '',
      waba_id: sender?.waba_id ?? '',
      token: '',
      base_url: sender?.base_url ?? '',
      graph_version: sender?.graph_version ?? '',
      app: sender?.app.id ?? '',
      app_secret: '',
      assistant_id: sender?.assistant?.id ?? '',
      ai_on: sender?.ai_on ?? true,
      reply_delay_seconds: sender?.reply_delay_seconds ?? 0,
    },
    validate: {
      name: (v) => (v.trim() ? null : t.problems.name),
      phone_number_id: (v) => (/^\d+$/.test(v.trim()) ? null : t.problems.digits),
      waba_id: (v) => (/^\d+$/.test(v.trim()) ? null : t.problems.digits),
      token: (v) => (v.trim() || sender?.has_token ? null : t.problems.token),
      app_secret: (v, all) => (v.trim() || all.app ? null : t.problems.secret),
      assistant_id: (v) => (v ? null : t.problems.assistant),
    },
  });
  const save = useMutation({
    mutationFn: (v: typeof form.values) => {
      const body: SaveSender = {
        name: v.name.trim(),
        phone_number_id: v.phone_number_id.trim(),
        waba_id: v.waba_id.trim(),
        display_phone: sender?.display_phone || undefined,
        base_url: v.base_url.trim() || undefined,
        graph_version: v.graph_version.trim() || undefined,
        token: v.token.trim() || undefined,
        app: { id: v.app || undefined, app_secret: v.app_secret.trim() || undefined },
        assistant_id: v.assistant_id,
        ai_on: v.ai_on,
        reply_delay_seconds: v.reply_delay_seconds,
      };
      return sender
        ? data(api.PUT('/api/v1/whatsapp/senders/{id}', { params: { path: { id: sender.id } }, body }))
        : data(api.POST('/api/v1/whatsapp/senders', { body }));
    },
    onSuccess: (saved) => {
      void client.invalidateQueries({ queryKey: ['senders'] });
      onSaved(saved);
    },
    onError: (error) => error instanceof ApiError && form.setErrors(error.fieldMap()),
  });
  const secret = {
    autoComplete: 'off',
    spellCheck: false,
    visibilityToggleButtonProps: { 'aria-label': t.show, tabIndex: 0 },
  };
  return (
    <form noValidate onSubmit={form.onSubmit((values) => save.mutate(values))}>
      <Stack gap="md">
        {save.error && (
          <Notice tone="danger" title={t.failed}>
            {save.error.message}
          </Notice>
        )}
        <TextInput label={t.name} description={t.nameHelp} maxLength={100} {...form.getInputProps('name')} />
        <Group grow align="flex-start">
          <TextInput label={t.phoneNumberID} inputMode="numeric" {...form.getInputProps('phone_number_id')} />
          <TextInput label={t.wabaID} inputMode="numeric" {...form.getInputProps('waba_id')} />
        </Group>
        <PasswordInput
          label={t.token}
          description={sender?.has_token ? t.tokenKeep : t.tokenHelp}
          placeholder={sender?.has_token ? '••••••••••••' : undefined}
          {...secret}
          {...form.getInputProps('token')}
        />
        <Accordion variant="contained">
          <Accordion.Item value="address">
            <Accordion.Control>{t.advanced}</Accordion.Control>
            <Accordion.Panel>
              <Group grow align="flex-start">
                <TextInput
                  label={t.baseURL}
                  description={t.baseURLHelp}
                  type="url"
                  placeholder="https://graph.facebook.com"
                  {...form.getInputProps('base_url')}
                />
                <TextInput label={t.version} description={t.versionHelp} {...form.getInputProps('graph_version')} />
              </Group>
            </Accordion.Panel>
          </Accordion.Item>
        </Accordion>
        {!sender && apps.length > 0 && (
          <Select
            label={t.app}
            data={[{ value: '', label: t.appNew }, ...apps.map((a) => ({ value: a.id, label: a.name }))]}
            allowDeselect={false}
            {...form.getInputProps('app')}
          />
        )}
        {(sender || !form.values.app) && (
          <PasswordInput
            label={t.appSecret}
            description={sender?.app.has_app_secret ? t.appSecretKeep : t.tokenHelp}
            placeholder={sender?.app.has_app_secret ? '••••••••••••' : undefined}
            {...secret}
            {...form.getInputProps('app_secret')}
          />
        )}
        <Select
          label={t.assistant}
          data={(assistants.data?.data ?? []).map((a) => ({ value: a.id, label: a.name }))}
          searchable
          allowDeselect={false}
          {...form.getInputProps('assistant_id')}
        />
        <Switch label={t.aiOn} {...form.getInputProps('ai_on', { type: 'checkbox' })} />
        <NumberInput
          label={t.delay}
          description={t.delayHelp}
          min={0}
          max={300}
          clampBehavior="strict"
          allowDecimal={false}
          {...form.getInputProps('reply_delay_seconds')}
        />
        <TestConnection
          settings={{
            id: sender?.id,
            phone_number_id: form.values.phone_number_id.trim() || undefined,
            waba_id: form.values.waba_id.trim() || undefined,
            base_url: form.values.base_url.trim() || undefined,
            graph_version: form.values.graph_version.trim() || undefined,
            token: form.values.token.trim() || undefined,
          }}
        />
        <Group justify="flex-end" gap="xs">
          {onCancel && (
            <Button variant="default" onClick={onCancel}>
              {text.common.cancel}
            </Button>
          )}
          <Button type="submit" loading={save.isPending}>
            {sender ? text.common.save : t.save}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
