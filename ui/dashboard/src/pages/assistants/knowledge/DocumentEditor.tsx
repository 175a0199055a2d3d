import { Button, Group, Modal, SegmentedControl, Stack, Text, TextInput, Textarea } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, data } from '@/api/client';
import type { Document } from '@/api/types';
import { Notice } from '@/parts/Notice';
import { useConfirm } from '@/parts/Confirm';
import { ErrorState } from '@/parts/ErrorState';
import { PageLoading } from '@/parts/PageLoading';
import { fileSize } from '@/parts/number';
import { text } from '@/text/en';
import { largest } from './files';
import classes from './DocumentEditor.module.css';
import type { DocumentText } from './useKnowledge';

const t = text.assistants.knowledge;

interface Props {
  assistantID: string;
  /** The document that is edited; none for a new one. */
  document?: Document;
  readOnly: boolean;
  saving: boolean;
  onSave: (body: DocumentText) => Promise<void>;
  onClose: () => void;
}

/** Writes, reads or changes one document. */
export function DocumentEditor(props: Props) {
  const { assistantID, document } = props;
  const phone = useMediaQuery('(max-width: 48em)');
  const confirm = useConfirm();
  const [dirty, setDirty] = useState(false);
  const stored = useQuery({
    queryKey: ['assistants', assistantID, 'knowledge', document?.id],
    queryFn: ({ signal }) =>
      data(
        api.GET('/api/v1/assistants/{id}/knowledge/{doc}', {
          params: { path: { id: assistantID, doc: document?.id ?? '' } },
          signal,
        }),
      ),
    enabled: document !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const close = async () => {
    const leave =
      !dirty || (await confirm({ title: t.discardTitle, body: t.discardBody, action: t.discard, danger: true }));
    if (leave) props.onClose();
  };
  const start: DocumentText | undefined = document
    ? stored.data && {
        title: stored.data.title,
        format: stored.data.format,
        content: stored.data.content ?? '',
      }
    : { title: '', format: 'markdown', content: '' };
  return (
    <Modal
      opened
      onClose={() => void close()}
      title={document ? (props.readOnly ? document.title : t.editTitle) : t.newTitle}
      size={920}
      fullScreen={phone}
    >
      {stored.error ? (
        <ErrorState error={stored.error} onRetry={() => void stored.refetch()} />
      ) : start ? (
        <Form {...props} start={start} onDirty={setDirty} onCancel={() => void close()} />
      ) : (
        <PageLoading />
      )}
    </Modal>
  );
}

interface FormProps extends Props {
  start: DocumentText;
  onDirty: (dirty: boolean) => void;
  onCancel: () => void;
}

function Form({ document, readOnly, saving, start, onSave, onClose, onCancel, onDirty }: FormProps) {
  const [body, setBody] = useState(start);
  const [asked, setAsked] = useState(false);
  const [failed, setFailed] = useState('');
  const size = new Blob([body.content]).size;
  const noTitle = !body.title.trim();
  const noContent = !body.content.trim();
  const tooBig = size > largest;
  const change = (changes: Partial<DocumentText>) => {
    setBody((old) => ({ ...old, ...changes }));
    onDirty(true);
  };
  const submit = async () => {
    setAsked(true);
    setFailed('');
    if (noTitle || noContent || tooBig) return;
    try {
      await onSave({ ...body, title: body.title.trim() });
      onClose();
    } catch (error) {
      setFailed(error instanceof Error ? error.message : text.errors.fallback);
    }
  };
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <Stack gap="md">
        {failed && <Notice tone="danger">{failed}</Notice>}
        <Group align="flex-end" gap="md">
          <TextInput
            label={t.fieldTitle}
            value={body.title}
            maxLength={200}
            flex="1 1 240px"
            readOnly={readOnly}
            data-autofocus
            onChange={(event) => change({ title: event.currentTarget.value })}
            error={asked && noTitle ? t.needTitle : undefined}
          />
          <SegmentedControl
            aria-label={t.fieldFormat}
            value={body.format}
            readOnly={readOnly}
            onChange={(format) => change({ format: format as DocumentText['format'] })}
            data={Object.entries(t.formats).map(([value, label]) => ({ value, label }))}
          />
        </Group>
        <Textarea
          label={t.fieldContent}
          placeholder={t.contentHint}
          value={body.content}
          readOnly={readOnly}
          classNames={{ input: classes.content }}
          onChange={(event) => change({ content: event.currentTarget.value })}
          error={tooBig ? t.tooBig(body.title) : asked && noContent ? t.needContent : undefined}
        />
        <Group justify="space-between">
          <Text size="xs" c="dimmed" className="tabular">
            {fileSize(size)}
          </Text>
          <Group gap="xs">
            <Button variant="default" onClick={onCancel}>
              {readOnly ? text.common.close : text.common.cancel}
            </Button>
            {!readOnly && (
              <Button type="submit" loading={saving}>
                {document ? t.saveEdit : t.saveAdd}
              </Button>
            )}
          </Group>
        </Group>
      </Stack>
    </form>
  );
}
