import { Button, FileButton, Group, Text } from '@mantine/core';
import { IconFileText, IconPlus, IconUpload } from '@tabler/icons-react';
import { type DragEvent, useState } from 'react';
import type { Document } from '@/api/types';
import { EmptyState } from '@/parts/EmptyState';
import { ErrorState } from '@/parts/ErrorState';
import { PageLoading } from '@/parts/PageLoading';
import { notifyError } from '@/parts/notify';
import { text } from '@/text/en';
import { useDocuments } from '../queries';
import { Section } from '../Section';
import type { Draft } from '../useDraft';
import { DocumentEditor } from './DocumentEditor';
import { DocumentList } from './DocumentList';
import { readDocument } from './files';
import classes from './KnowledgeTab.module.css';
import { TryQuestion } from './TryQuestion';
import { useKnowledge } from './useKnowledge';

const t = text.assistants.knowledge;

/** The documents that answers are drawn from. */
export function KnowledgeTab({ draft }: { draft: Draft }) {
  const { base, readOnly } = draft;
  const documents = useDocuments(base.id);
  const { save, remove } = useKnowledge(draft);
  const [editing, setEditing] = useState<Document | 'new' | null>(null);
  const [over, setOver] = useState(false);
  const [uploading, setUploading] = useState(false);
  const list = documents.data?.data;

  const upload = async (files: File[]) => {
    setUploading(true);
    for (const file of files) {
      try {
        await save.mutateAsync({ body: await readDocument(file) });
      } catch (error) {
        notifyError(error);
      }
    }
    setUploading(false);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    void upload([...event.dataTransfer.files]);
  };

  const actions = !readOnly && (
    <>
      <FileButton
        multiple
        accept=".txt,.md,.markdown,text/plain,text/markdown"
        onChange={(files) => void upload(files)}
      >
        {(props) => (
          <Button {...props} variant="default" leftSection={<IconUpload size={16} />} loading={uploading}>
            {t.upload}
          </Button>
        )}
      </FileButton>
      <Button leftSection={<IconPlus size={16} />} onClick={() => setEditing('new')}>
        {t.add}
      </Button>
    </>
  );
  return (
    <>
      <Section title={t.title} note={t.help} actions={list && list.length > 0 && actions}>
        <div
          className={classes.drop}
          data-over={over}
          onDragOver={(event) => {
            if (readOnly || !event.dataTransfer.types.includes('Files')) return;
            event.preventDefault();
            setOver(true);
          }}
          onDragLeave={() => setOver(false)}
          onDrop={readOnly ? undefined : drop}
        >
          {documents.error ? (
            <ErrorState error={documents.error} title={t.loadFailed} onRetry={() => void documents.refetch()} />
          ) : !list ? (
            <PageLoading />
          ) : list.length === 0 ? (
            <EmptyState icon={IconFileText} title={t.emptyTitle} actions={actions}>
              {t.emptyBody}
            </EmptyState>
          ) : (
            <DocumentList
              documents={list}
              readOnly={readOnly}
              removing={remove.isPending ? remove.variables.id : undefined}
              onOpen={setEditing}
              onRemove={(document) => remove.mutate(document)}
            />
          )}
          {over && <div className={classes.hint}>{t.drop}</div>}
        </div>
        {!readOnly && (
          <Group justify="space-between" gap="xs">
            <Text size="xs" c="dimmed">
              {t.uploadHint}
            </Text>
            <Text size="xs" c="dimmed">
              {t.saveNote}
            </Text>
          </Group>
        )}
      </Section>
      {list && list.length > 0 && <TryQuestion assistantID={base.id} version={base.version} />}
      {editing && (
        <DocumentEditor
          assistantID={base.id}
          document={editing === 'new' ? undefined : editing}
          readOnly={readOnly}
          saving={save.isPending}
          onSave={(body) =>
            save.mutateAsync({ doc: editing === 'new' ? undefined : editing.id, body }).then(() => undefined)
          }
          onClose={() => setEditing(null)}
        />
      )}
    </>
  );
}
