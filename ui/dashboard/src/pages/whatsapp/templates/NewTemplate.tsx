import { Button, Group, Modal, Select, Stack, TagsInput, Text, TextInput, Textarea } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, data } from '@/api/client';
import { ApiError } from '@/api/error';
import type { Template } from '@/api/types';
import { Notice } from '@/parts/Notice';
import { notifyDone } from '@/parts/notify';
import { text } from '@/text/en';
import { Bubble } from './Bubble';
import { componentsOf } from './components';
import { variablesIn } from './fill';

const t = text.whatsapp.templates.form;

/** Writes a template and asks Meta to approve it; the server checks first what Meta would refuse. */
export function NewTemplate({ sender, onClose }: { sender: string; onClose: () => void }) {
  const client = useQueryClient();
  const form = useForm({
    initialValues: {
      name: '',
      language: 'en_US',
      category: 'UTILITY' as Template['category'],
      header: '',
      body: '',
      footer: '',
      buttons: [] as string[],
      samples: {} as Record<string, string>,
    },
  });
  const v = form.values;
  const inBody = variablesIn(v.body);
  const inHeader = variablesIn(v.header);
  const components = componentsOf(v);
  const create = useMutation({
    mutationFn: () =>
      data(
        api.POST('/api/v1/whatsapp/senders/{id}/templates', {
          params: { path: { id: sender } },
          body: {
            name: v.name.trim(),
            language: v.language.trim(),
            category: v.category,
            format: 'positional',
            components,
          },
        }),
      ),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ['senders', sender, 'templates'] });
      notifyDone(t.submitted);
      onClose();
    },
  });
  const problems = create.error instanceof ApiError ? create.error.fields : [];
  const sample = (key: string, name: string) => (
    <TextInput
      key={key}
      label={t.sample(name)}
      description={t.sampleHelp}
      value={v.samples[key] ?? ''}
      onChange={(e) => form.setFieldValue('samples', { ...v.samples, [key]: e.currentTarget.value })}
    />
  );
  return (
    <Modal opened onClose={onClose} title={t.title} size="lg">
      <form noValidate onSubmit={form.onSubmit(() => create.mutate())}>
        <Stack gap="md">
          <Text size="sm" c="dimmed">
            {t.note}
          </Text>
          {create.error && (
            <Notice tone="danger" title={t.failed}>
              {create.error.message}
              {problems.length > 1 && (
                <ul>
                  {problems.map((p) => (
                    <li key={p.path}>{p.message}</li>
                  ))}
                </ul>
              )}
            </Notice>
          )}
          <Group grow align="flex-start">
            <TextInput label={t.name} description={t.nameHelp} spellCheck={false} {...form.getInputProps('name')} />
            <TextInput label={t.language} description={t.languageHelp} {...form.getInputProps('language')} />
          </Group>
          <Select
            label={t.category}
            data={Object.entries(t.categories).map(([value, label]) => ({ value, label }))}
            allowDeselect={false}
            {...form.getInputProps('category')}
          />
          <TextInput label={t.header} maxLength={60} {...form.getInputProps('header')} />
          {inHeader.map((name) => sample(`header ${name}`, name))}
          <Textarea
            label={t.body}
            description={t.bodyHelp}
            autosize
            minRows={3}
            maxLength={1024}
            {...form.getInputProps('body')}
          />
          {inBody.map((name) => sample(`body ${name}`, name))}
          <TextInput label={t.footer} maxLength={60} {...form.getInputProps('footer')} />
          <TagsInput label={t.buttons} description={t.buttonsHelp} maxTags={10} {...form.getInputProps('buttons')} />
          <Bubble label={t.preview} components={components} />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {text.common.cancel}
            </Button>
            <Button type="submit" loading={create.isPending} disabled={!v.name.trim() || !v.body.trim()}>
              {t.submit}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
