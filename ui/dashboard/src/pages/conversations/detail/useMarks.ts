import { type QueryClient, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { api, data } from '@/api/client';
import type { Conversation, ConversationRow } from '@/api/types';
import { useLive } from '@/live/LiveProvider';
import { readAgain } from '@/live/readAgain';
import { type Pages, markRow } from '../rows';
import { applyRow } from './useConversation';

/** What members put on a conversation: tags, and that it was reviewed. */
export function useMarks(conversation: Conversation) {
  const client = useQueryClient();
  const { id } = conversation;
  const onSuccess = (row: ConversationRow) => {
    applyRow(client, row);
    void client.invalidateQueries({ queryKey: ['conversations', 'count'] });
  };
  const putTag = useMutation({
    mutationFn: (tag: string) =>
      data(api.PUT('/api/v1/conversations/{id}/tags/{tag_id}', { params: { path: { id, tag_id: tag } } })),
    onSuccess,
  });
  const takeTag = useMutation({
    mutationFn: (tag: string) =>
      data(api.DELETE('/api/v1/conversations/{id}/tags/{tag_id}', { params: { path: { id, tag_id: tag } } })),
    onSuccess,
  });
  const review = useMutation({
    mutationFn: (reviewed: boolean) =>
      data(api.PUT('/api/v1/conversations/{id}/review', { params: { path: { id } }, body: { reviewed } })),
    onSuccess,
  });
  return { putTag, takeTag, review };
}

export type Marks = ReturnType<typeof useMarks>;

// Shows whether a conversation is unread. The rev stays as it is: the mark is the member's own.
function showRead(client: QueryClient, id: string, unread: boolean) {
  client.setQueryData<Conversation>(['conversations', id, 'detail'], (old) => old && { ...old, unread });
  client.setQueriesData<Pages>({ queryKey: ['conversations', 'list'] }, (pages) => pages && markRow(pages, id, unread));
}

/**
 * Marks a conversation as read while somebody looks at it. Gives what marks it as unread; `onUnread` then closes it,
 * for to look at it is to read it.
 */
export function useRead(conversation: Conversation, onUnread: () => void): () => void {
  const client = useQueryClient();
  const { id, unread, message_count: messages } = conversation;
  const visible = useVisible();
  const left = useRef(false);
  const mark = useMutation({
    mutationFn: (read: boolean) =>
      data(
        api.PUT('/api/v1/conversations/{id}/read', {
          params: { path: { id } },
          body: read ? { read, message_count: messages } : { read },
        }),
      ),
    onSuccess: (row) => showRead(client, id, row.unread),
    meta: { quiet: true },
  });
  const { mutateAsync } = mark;
  // One after the other, so that the last one holds.
  const before = useRef<Promise<unknown>>(Promise.resolve());
  const say = useRef((read: boolean) => {
    before.current = before.current.then(() => mutateAsync(read)).catch(() => undefined);
  });
  useEffect(() => {
    if (unread && visible && !left.current) say.current(true);
  }, [unread, visible, messages]);
  return () => {
    left.current = true;
    say.current(false);
    onUnread();
  };
}

function useVisible(): boolean {
  const [visible, setVisible] = useState(document.visibilityState === 'visible');
  useEffect(() => {
    const look = () => setVisible(document.visibilityState === 'visible');
    document.addEventListener('visibilitychange', look);
    return () => document.removeEventListener('visibilitychange', look);
  }, []);
  return visible;
}

const notesKey = (id: string) => ['conversations', id, 'notes'] as const;

/** The internal notes of a conversation, as they change, and what changes them. */
export function useNotes(id: string) {
  const client = useQueryClient();
  const key = notesKey(id);
  const query = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => data(api.GET('/api/v1/conversations/{id}/notes', { params: { path: { id } }, signal })),
  });
  useLive((event) => {
    const mine = event.type === 'conversation' && event.conversation_id === id && event.conversation;
    if (mine || (event.type === 'resync' && !event.conversation_id)) void readAgain(client, key);
  });
  const onSettled = () => readAgain(client, key);
  const add = useMutation({
    mutationFn: (text: string) =>
      data(api.POST('/api/v1/conversations/{id}/notes', { params: { path: { id } }, body: { text } })),
    onSettled,
  });
  const edit = useMutation({
    mutationFn: ({ note, text }: { note: string; text: string }) =>
      data(
        api.PUT('/api/v1/conversations/{id}/notes/{note_id}', {
          params: { path: { id, note_id: note } },
          body: { text },
        }),
      ),
    onSettled,
  });
  const remove = useMutation({
    mutationFn: (note: string) =>
      data(api.DELETE('/api/v1/conversations/{id}/notes/{note_id}', { params: { path: { id, note_id: note } } })),
    onSettled,
  });
  return { query, add, edit, remove };
}
