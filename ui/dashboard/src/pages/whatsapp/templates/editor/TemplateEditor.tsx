import { Button, Group, Modal, Select, SimpleGrid, Stack, Text, TextInput, Textarea } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { api, data } from '@/api/client';
import { ApiError } from '@/api/error';
import type { Template } from '@/api/types';
import { useConfirm } from '@/parts/Confirm';
import { Notice } from '@/parts/Notice';
import { notifyDone } from '@/parts/notify';
import { text } from '@/text/en';
import { Bubble } from '../Bubble';
import { ButtonFields } from './ButtonFields';
import { CodeFields } from './CodeFields';
import { HeaderFields } from './HeaderFields';
import { Samples } from './Samples';
import classes from './TemplateEditor.module.css';
import {
  type Draft,
  type Problems,
  componentsOf,
  emptyDraft,
  formatOf,
  isCode,
  problemsOf,
  shapeOfDraft,
} from './draft';
import type { PartProps } from './fields';

const t = text.whatsapp.templates.form;

/** Writes a template and asks Meta to approve it; the server checks first what Meta would refuse. */
export function TemplateEditor({ sender, onClose }: { sender: string; onClose: () => void }) {
  const phone = useMediaQuery('(max-width: 48em)');
  const confirm = useConfirm();
  const [dirty, setDirty] = useState(false);
  const close = async () => {
    if (!dirty || (await confirm({ title: t.discardTitle, body: t.discardBody, action: t.discard, danger: true }))) {
      onClose();
    }
  };
  return (
    <Modal opened onClose={() => void close()} title={t.title} size={960} fullScreen={phone}>
      <Form sender={sender} onDirty={() => setDirty(true)} onCancel={() => void close()} onDone={onClose} />
    </Modal>
  );
}

interface FormProps {
  sender: string;
  onDirty: () => void;
  onCancel: () => void;
  onDone: () => void;
}

function Form({ sender, onDirty, onCancel, onDone }: FormProps) {
  const client = useQueryClient();
  const [draft, setDraft] = useState<Draft>(emptyDraft);
  const [problems, setProblems] = useState<Problems>({});
  const form = useRef<HTMLFormElement>(null);
  const change = (changes: Partial<Draft>, ...fields: string[]) => {
    setDraft((old) => ({ ...old, ...changes }));
    setProblems((old) => Object.fromEntries(Object.entries(old).filter(([field]) => !fields.includes(field))));
    onDirty();
  };
  const create = useMutation({
    mutationFn: () =>
      data(
        api.POST('/api/v1/whatsapp/senders/{id}/templates', {
          params: { path: { id: sender } },
          body: {
            name: draft.name.trim(),
            language: draft.language.trim(),
            category: draft.category,
            format: formatOf(draft),
            components: componentsOf(draft),
            header_sample: shapeOfDraft(draft).media ? draft.headerFile?.id : undefined,
          },
        }),
      ),
    meta: { quiet: true }, // the form says it
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ['senders', sender, 'templates'] });
      notifyDone(t.submitted);
      onDone();
    },
    onError: (error) => setProblems(error instanceof ApiError ? problemsOf(draft, error.fields) : {}),
  });
  // The keyboard goes to the first field that has to be changed.
  useEffect(() => {
    if (create.error) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [create.error]);
  const part = { draft, problems, change };
  const elsewhere = problems[''] ?? (Object.keys(problems).length === 0 ? create.error?.message : t.marked);
  return (
    <form
      ref={form}
      noValidate
      onSubmit={(e) => {
        e.preventDefault();
        create.mutate();
      }}
    >
      <Stack gap="md">
        <Text size="sm" c="dimmed">
          {t.note}
        </Text>
        {create.error && (
          <Notice tone="danger" title={t.failed}>
            {elsewhere}
          </Notice>
        )}
        <div className={classes.columns}>
          <Stack gap="md">
            <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="md">
              <TextInput
                label={t.name}
                description={t.nameHelp}
                spellCheck={false}
                maxLength={512}
                value={draft.name}
                error={problems.name}
                onChange={(e) => change({ name: e.currentTarget.value }, 'name')}
                data-autofocus
              />
              <TextInput
                label={t.language}
                description={t.languageHelp}
                maxLength={15}
                value={draft.language}
                error={problems.language}
                onChange={(e) => change({ language: e.currentTarget.value }, 'language')}
              />
            </SimpleGrid>
            <Select
              label={t.category}
              data={Object.entries(t.categories).map(([value, label]) => ({ value, label }))}
              allowDeselect={false}
              value={draft.category}
              error={problems.category}
              onChange={(value) => value && change({ category: value as Template['category'] }, 'category')}
            />
            {isCode(draft) ? <CodeFields {...part} /> : <Parts {...part} />}
          </Stack>
          <div className={classes.preview}>
            <Bubble label={t.preview} shown={shapeOfDraft(draft)} file={isCode(draft) ? null : draft.headerFile} />
          </div>
        </div>
        <Group justify="flex-end" gap="xs" className={classes.foot}>
          <Button variant="default" onClick={onCancel}>
            {text.common.cancel}
          </Button>
          <Button type="submit" loading={create.isPending}>
            {t.submit}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** What the business writes itself. */
function Parts(part: PartProps) {
  const { draft, problems, change } = part;
  return (
    <>
      <HeaderFields {...part} />
      <div className={classes.part}>
        <Textarea
          label={t.body}
          description={t.bodyHelp}
          autosize
          minRows={3}
          maxLength={1024}
          value={draft.body}
          error={problems.body}
          onChange={(e) => change({ body: e.currentTarget.value }, 'body')}
        />
        <Samples part="body" {...part} />
      </div>
      <TextInput
        label={t.footer}
        maxLength={60}
        value={draft.footer}
        error={problems.footer}
        onChange={(e) => change({ footer: e.currentTarget.value }, 'footer')}
      />
      <ButtonFields {...part} />
    </>
  );
}
