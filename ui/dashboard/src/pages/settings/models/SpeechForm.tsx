import { Autocomplete, Button, Group, Select, SimpleGrid, Stack, Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { api, data } from '@/api/client';
import type { Provider, Workspace } from '@/api/types';
import { useCan } from '@/auth/useMe';
import { Flags } from '@/parts/Flags';
import { Notice } from '@/parts/Notice';
import { notifyDone } from '@/parts/notify';
import { text } from '@/text/en';
import panel from '../Panel.module.css';
import { useKeepWorkspace } from '../workspace/queries';

const t = text.settings.speech;

/** The server's own program, as the API names it. */
const command = 'command';

/** The Select knows no empty value. */
const nothing = 'nothing';

/** Models that are known to transcribe; any other name may be typed. */
const known = [
  'whisper-1',
  'gpt-4o-mini-transcribe',
  'gpt-4o-transcribe',
  'whisper-large-v3',
  'whisper-large-v3-turbo',
];

/** Whether a choice wants the name of a model, too. */
const named = (provider: string) => provider !== nothing && provider !== command;

interface Props {
  workspace: Workspace;
  providers: readonly Provider[];
}

/** What turns voice notes into text. */
export function SpeechForm({ workspace, providers }: Props) {
  const mayWrite = useCan('settings:write');
  const keep = useKeepWorkspace();
  const kinds = workspace.speech_kinds;
  const able = providers.filter((p) => kinds.includes(p.kind));
  const chosen = workspace.speech?.provider_id;
  const options = [
    { value: nothing, label: t.nothing },
    ...(kinds.includes(command) ? [{ value: command, label: t.command }] : []),
    ...able.map((p) => ({ value: p.id, label: p.name })),
  ];
  if (chosen && !options.some((o) => o.value === chosen)) options.push({ value: chosen, label: t.gone });

  const form = useForm({
    initialValues: { provider: chosen ?? nothing, model: workspace.speech?.model ?? '' },
    validate: {
      model: (value, all) => (named(all.provider) && !value.trim() ? t.problems.model : null),
    },
  });
  const save = useMutation({
    mutationFn: ({ provider, model }: typeof form.values) => {
      const speech = { provider_id: provider === nothing ? '' : provider, model: named(provider) ? model.trim() : '' };
      return data(api.PATCH('/api/v1/workspace', { body: { speech } }));
    },
    onSuccess: (saved) => {
      keep(saved);
      form.resetDirty();
      notifyDone(text.settings.saved);
    },
    meta: { quiet: true },
  });
  return (
    <form noValidate className={`${panel.panel} ${panel.padded}`} onSubmit={form.onSubmit((v) => save.mutate(v))}>
      <Stack gap="md">
        <div>
          <Text component="h2" className={panel.name}>
            {t.title}
          </Text>
          <Text size="sm" c="dimmed">
            {t.body}
          </Text>
        </div>
        {save.error && <Notice tone="danger">{save.error.message}</Notice>}
        {options.length === 1 && (
          <Notice>
            <Flags>{t.noneAvailable}</Flags>
          </Notice>
        )}
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <Select
            label={t.by}
            data={options}
            allowDeselect={false}
            readOnly={!mayWrite}
            {...form.getInputProps('provider')}
          />
          {named(form.values.provider) && (
            <Autocomplete
              label={t.model}
              description={t.modelHelp}
              inputWrapperOrder={['label', 'input', 'description', 'error']}
              data={[...new Set([...models(able, form.values.provider), ...known])]}
              maxLength={200}
              readOnly={!mayWrite}
              {...form.getInputProps('model')}
            />
          )}
        </SimpleGrid>
        {form.values.provider === command && (
          <Text size="sm" c="dimmed">
            {t.commandHelp}
          </Text>
        )}
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

/** Those of a provider's models whose names say that they transcribe. */
function models(providers: readonly Provider[], id: string): string[] {
  const all = providers.find((p) => p.id === id)?.models ?? [];
  return all.filter((name) => /whisper|transcri|voxtral|speech|stt/i.test(name));
}
