import { Button, Group } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, data } from '@/api/client';
import type { Document } from '@/api/types';
import { ErrorState } from '@/parts/ErrorState';
import { PageLoading } from '@/parts/PageLoading';
import { Tag } from '@/parts/Tag';
import { text } from '@/text/en';
import classes from './Compare.module.css';
import { TextDiff } from './TextDiff';
import { documentChanges, type DocumentChange } from './documents';

const t = text.workshop.compare;
const tones = { added: 'good', removed: 'danger', changed: 'accent' } as const;

interface Props {
  assistantID: string;
  before: readonly Document[];
  after: readonly Document[];
}

/** The documents that came, went or have another text. */
export function KnowledgeChanges({ assistantID, before, after }: Props) {
  const changes = documentChanges(before, after);
  if (changes.length === 0) return <p className={classes.name}>{t.order}</p>;
  return (
    <ul className={classes.changes}>
      {changes.map((change) => (
        <Change key={`${change.before?.id} ${change.after?.id}`} change={change} assistantID={assistantID} />
      ))}
    </ul>
  );
}

function Change({ change, assistantID }: { change: DocumentChange; assistantID: string }) {
  const [opened, setOpened] = useState(false);
  return (
    <li className={classes.change}>
      <Group gap="xs" justify="space-between">
        <Group gap="xs">
          <Tag tone={tones[change.kind]}>{t.kinds[change.kind]}</Tag>
          <span className={classes.name}>{change.title}</span>
        </Group>
        <Button variant="subtle" size="compact-sm" aria-expanded={opened} onClick={() => setOpened((o) => !o)}>
          {opened ? t.contentHide : t.content}
        </Button>
      </Group>
      {opened && <Content change={change} assistantID={assistantID} />}
    </li>
  );
}

function Content({ change, assistantID }: { change: DocumentChange; assistantID: string }) {
  const before = useContent(assistantID, change.before?.id);
  const after = useContent(assistantID, change.after?.id);
  const error = before.error ?? after.error;
  if (error) return <ErrorState error={error} title={t.contentFailed} />;
  if (before.data === undefined || after.data === undefined) return <PageLoading />;
  return (
    <div className={classes.content}>
      <TextDiff before={before.data} after={after.data} />
    </div>
  );
}

/** The text of a document, which never changes. */
function useContent(assistantID: string, id: string | undefined) {
  return useQuery({
    queryKey: ['documents', id ?? 'none'],
    queryFn: async ({ signal }) => {
      if (!id) return '';
      const params = { path: { id: assistantID, doc: id } };
      return (await data(api.GET('/api/v1/assistants/{id}/knowledge/{doc}', { params, signal }))).content ?? '';
    },
    staleTime: Infinity,
  });
}
