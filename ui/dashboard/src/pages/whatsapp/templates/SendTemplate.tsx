import { Button, Group, Modal, Select, Stack, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconTemplateOff } from '@tabler/icons-react';
import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, data } from '@/api/client';
import { ApiError } from '@/api/error';
import type { Attachment, QuoteTemplate, Template } from '@/api/types';
import { EmptyState } from '@/parts/EmptyState';
import { Notice } from '@/parts/Notice';
import { PageLoading } from '@/parts/PageLoading';
import { notifyDone } from '@/parts/notify';
import { text } from '@/text/en';
import { useTemplates } from '../queries';
import { Bubble } from './Bubble';
import { HeaderFile } from './HeaderFile';
import { type Values, emptyValues, faultsOf, fillOf, keyOf, shapeOf, shapeOfPreview } from './fill';

const t = text.whatsapp.send;

const accepted = { image: 'image/jpeg,image/png', video: 'video/mp4,video/3gpp', document: undefined };

const labelOf = (template: Template, v: Template['variables'][number]) =>
  v.part !== 'button'
    ? v.part === 'body' && template.category === 'AUTHENTICATION' && template.variables.length === 1
      ? t.oneTimeCode
      : t.value(t.parts[v.part], v.name)
    : v.kind === 'copy_code'
      ? t.code(v.label)
      : t.address(v.label);

interface Props {
  sender: string;
  /** Where it goes; without it, a phone number is asked for. */
  conversation?: string;
  /** Which template; without it, one is chosen. */
  template?: Template;
  onClose: () => void;
  onSent?: (conversation: string) => void;
}

/** Sends an approved template to one person: the values, how it will look, and the price first. */
export function SendTemplate({ sender, conversation, template, onClose, onSent }: Props) {
  const templates = useTemplates(sender);
  const approved = (templates.data?.data ?? []).filter((x) => x.status === 'APPROVED');
  const [chosen, setChosen] = useState(template?.id ?? null);
  const current = template ?? approved.find((x) => x.id === chosen);
  return (
    <Modal opened onClose={onClose} title={template ? t.title(template.name) : t.pickTitle} size="lg">
      {templates.isPending ? (
        <PageLoading />
      ) : !template && approved.length === 0 ? (
        <EmptyState icon={IconTemplateOff} title={t.noneTitle}>
          {t.none}
        </EmptyState>
      ) : (
        <Stack gap="md">
          {!template && (
            <Select
              label={t.pick}
              data={approved.map((x) => ({ value: x.id, label: `${x.name} (${x.language})` }))}
              value={chosen}
              onChange={setChosen}
              searchable
              data-autofocus
            />
          )}
          {current && (
            <Filling
              key={current.id}
              sender={sender}
              template={current}
              conversation={conversation}
              onClose={onClose}
              onSent={onSent}
            />
          )}
        </Stack>
      )}
    </Modal>
  );
}

function Filling({ sender, template, conversation, onClose, onSent }: Props & { template: Template }) {
  const [values, setValues] = useState<Values>(() => emptyValues(template));
  const [to, setTo] = useState('');
  const [file, setFile] = useState<Attachment | null>(null);
  const media = template.header_media;
  const fill = fillOf(template, values, file?.id);
  const [settled] = useDebouncedValue(fill, 250);
  const complete = template.variables.every((v) => values[keyOf(v)]?.trim()) && (!media || file !== null);
  const path = { id: sender, template_id: template.id };
  const [phone] = useDebouncedValue(to.trim(), 250);
  const whom = conversation ? { conversation_id: conversation } : { to: phone };
  const preview = useQuery({
    queryKey: ['senders', sender, 'templates', template.id, 'preview', settled, whom],
    queryFn: ({ signal }) => readPreview(path, { ...settled, ...whom }, signal),
    enabled: complete,
    placeholderData: keepPreviousData,
    retry: false,
  });
  const send = useMutation({
    mutationFn: () =>
      data(
        api.POST('/api/v1/whatsapp/senders/{id}/templates/{template_id}/send', {
          params: { path },
          body: conversation ? { conversation_id: conversation, fill } : { to: to.trim(), fill },
        }),
      ),
    onSuccess: (sent) => {
      notifyDone(t.sent);
      onSent?.(sent.conversation_id);
      onClose();
    },
  });
  const blocked = preview.data?.blocked || template.blocked;
  const failed = complete ? (preview.error ?? send.error) : send.error;
  const faults = failed instanceof ApiError ? faultsOf(template, failed.fields) : {};
  // What is said at a field is not said again below.
  const problem =
    preview.error && complete && (faults[''] ?? (Object.keys(faults).length === 0 && preview.error.message));
  return (
    <form
      onSubmit={(e) => {
        e.preventDefault();
        send.mutate();
      }}
    >
      <Stack gap="md">
        {send.error && (
          <Notice tone="danger" title={t.failed}>
            {send.error.message}
          </Notice>
        )}
        {blocked && <Notice tone="warn">{blocked}</Notice>}
        {!conversation && (
          <TextInput
            label={t.to}
            description={t.toHelp}
            type="tel"
            value={to}
            onChange={(e) => setTo(e.currentTarget.value)}
            required
          />
        )}
        {media && (
          <HeaderFile
            label={t.file[media]}
            description={t.fileHelp[media]}
            accept={accepted[media]}
            file={file}
            error={faults.header_file}
            onChange={setFile}
          />
        )}
        {template.variables.map((v) => (
          <TextInput
            key={keyOf(v)}
            label={labelOf(template, v)}
            error={faults[keyOf(v)]}
            placeholder={v.example}
            value={values[keyOf(v)] ?? ''}
            onChange={(e) => {
              const value = e.currentTarget.value;
              setValues((old) => ({ ...old, [keyOf(v)]: value }));
            }}
            required
          />
        ))}
        <Bubble
          label={t.preview}
          shown={complete && preview.data ? shapeOfPreview(template, preview.data) : shapeOf(template.components)}
          file={file}
        />
        {problem && <Notice tone="warn">{problem}</Notice>}
        {preview.data && (
          <p>
            <strong>{t.price}:</strong> {preview.data.price}
          </p>
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {text.common.cancel}
          </Button>
          <Button
            type="submit"
            loading={send.isPending}
            disabled={!complete || Boolean(blocked) || !preview.data || (!conversation && to.trim().length < 8)}
          >
            {t.submit}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

const readPreview = (path: { id: string; template_id: string }, body: QuoteTemplate, signal: AbortSignal) =>
  data(api.POST('/api/v1/whatsapp/senders/{id}/templates/{template_id}/preview', { params: { path }, body, signal }));
