import {
  Anchor,
  Button,
  Chip,
  Group,
  Input,
  Modal,
  PasswordInput,
  SegmentedControl,
  Stack,
  TagsInput,
  TextInput,
} from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, data } from '@/api/client';
import { ApiError } from '@/api/error';
import type { Provider } from '@/api/types';
import { Notice } from '@/parts/Notice';
import { notifyDone } from '@/parts/notify';
import { text } from '@/text/en';
import { type Preset, presets, protocols } from './presets';
import { ProviderTest } from './ProviderTest';

const t = text.settings.models;

interface Props {
  /** The provider that is changed; none to add one. */
  provider?: Provider;
  onClose: () => void;
}

/** Connects a provider, or changes one, and tries it before it is saved. */
export function ProviderEditor({ provider, onClose }: Props) {
  const client = useQueryClient();
  const [preset, setPreset] = useState<Preset | undefined>(provider ? undefined : presets[0]);
  const form = useForm({
    initialValues: provider
      ? {
          name: provider.name,
          kind: provider.kind,
          base_url: provider.base_url,
          api_key: '',
          models: provider.models,
        }
      : valuesOf(presets[0]),
    validate: {
      name: (value) => (value.trim() ? null : t.problems.name),
      base_url: (value) => (/^https?:\/\/[^\s/]+/.test(value.trim()) ? null : t.problems.url),
    },
  });
  const save = useMutation({
    mutationFn: (values: typeof form.values) => {
      const body = {
        ...values,
        name: values.name.trim(),
        base_url: values.base_url.trim(),
        api_key: values.api_key.trim() || undefined,
      };
      return provider
        ? data(api.PUT('/api/v1/providers/{id}', { params: { path: { id: provider.id } }, body }))
        : data(api.POST('/api/v1/providers', { body }));
    },
    onSuccess: (saved) => {
      void client.invalidateQueries({ queryKey: ['providers'] });
      notifyDone(provider ? t.changed(saved.name) : t.added(saved.name));
      onClose();
    },
    onError: (error) => error instanceof ApiError && form.setErrors(error.fieldMap()),
  });
  const pick = (id: string) => {
    const next = presets.find((p) => p.id === id);
    if (!next) return;
    setPreset(next);
    form.setValues({ ...valuesOf(next), api_key: form.values.api_key });
    form.clearErrors();
  };

  return (
    <Modal opened onClose={onClose} title={provider ? t.editTitle(provider.name) : t.addTitle} size="lg">
      <form noValidate onSubmit={form.onSubmit((values) => save.mutate(values))}>
        <Stack gap="md">
          {save.error && (
            <Notice tone="danger" title={t.saveFailed}>
              {save.error.message}
            </Notice>
          )}
          {!provider && (
            <Input.Wrapper label={t.pick} labelElement="div">
              <Chip.Group value={preset?.id} onChange={(id) => pick(String(id))}>
                <Group gap={8} mt={6} role="group" aria-label={t.pick}>
                  {presets.map((p) => (
                    <Chip key={p.id} value={p.id} size="sm" variant="outline">
                      {text.settings.presets[p.id]}
                    </Chip>
                  ))}
                </Group>
              </Chip.Group>
            </Input.Wrapper>
          )}
          <TextInput label={t.name} description={t.nameHelp} maxLength={100} {...form.getInputProps('name')} />
          <TextInput
            label={t.baseURL}
            description={t.baseURLHelp}
            type="url"
            spellCheck={false}
            placeholder="https://"
            {...form.getInputProps('base_url')}
          />
          {(provider || preset?.id === 'custom') && (
            <Input.Wrapper label={t.protocol} labelElement="div" error={form.errors.kind}>
              <SegmentedControl
                display="flex"
                mt={6}
                w="fit-content"
                aria-label={t.protocol}
                data={protocols.map((kind) => ({ value: kind, label: t.protocols[kind] }))}
                {...form.getInputProps('kind')}
              />
            </Input.Wrapper>
          )}
          <PasswordInput
            label={t.key}
            description={
              <>
                {provider?.has_key ? t.keyKeep : preset && !preset.key ? t.keyNone : t.keyHelp}{' '}
                {preset?.keysAt && (
                  <Anchor href={preset.keysAt} target="_blank" rel="noreferrer" size="xs">
                    {t.keyWhere}
                  </Anchor>
                )}
              </>
            }
            autoComplete="off"
            spellCheck={false}
            placeholder={provider?.has_key ? '••••••••••••' : undefined}
            visibilityToggleButtonProps={{ 'aria-label': t.keyShow, tabIndex: 0 }}
            {...form.getInputProps('api_key')}
          />
          <TagsInput
            label={t.modelNames}
            description={t.modelNamesHelp}
            splitChars={[',', ' ']}
            acceptValueOnBlur
            {...form.getInputProps('models')}
          />
          <ProviderTest
            id={provider?.id}
            kind={form.values.kind}
            baseURL={form.values.base_url.trim()}
            apiKey={form.values.api_key.trim()}
            models={form.values.models}
          />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {text.common.cancel}
            </Button>
            <Button type="submit" loading={save.isPending}>
              {provider ? text.common.save : t.addSave}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

function valuesOf(preset: Preset | undefined) {
  return {
    name: preset && preset.id !== 'custom' ? text.settings.presets[preset.id] : '',
    kind: preset?.kind ?? 'openai',
    base_url: preset?.baseURL ?? '',
    api_key: '',
    models: preset?.models ?? [],
  };
}
