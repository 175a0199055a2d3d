import { type QueryClient, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { api, data } from '@/api/client';
import type { Conversation, ConversationRow } from '@/api/types';
import { useLive } from '@/live/LiveProvider';
import { readAgain } from '@/live/readAgain';
import { type Pages, removeRow, replaceRow } from '../rows';

const detailKey = (id: string) => ['conversations', id, 'detail'] as const;
const listKey = ['conversations', 'list'] as const;

/** Shows a row's new state wherever the conversation is shown. */
export function applyRow(client: QueryClient, row: ConversationRow) {
  client.setQueryData<Conversation>(detailKey(row.id), (old) => (old && old.rev <= row.rev ? { ...old, ...row } : old));
  client.setQueriesData<Pages>({ queryKey: listKey }, (pages) => pages && replaceRow(pages, row));
}

/** Shows a conversation as it was just read. */
export function applyDetail(client: QueryClient, conversation: Conversation) {
  client.setQueryData(detailKey(conversation.id), conversation);
  applyRow(client, conversation);
}

/** Takes a conversation that was deleted out of the list. */
export function forget(client: QueryClient, id: string) {
  client.setQueriesData<Pages>({ queryKey: listKey }, (pages) => pages && removeRow(pages, id));
  void client.invalidateQueries({ queryKey: ['conversations', 'tiles'] });
}

/** All about one conversation but its messages, as it changes. */
export function useConversation(id: string) {
  const client = useQueryClient();
  const query = useQuery({
    queryKey: detailKey(id),
    queryFn: ({ signal }) => data(api.GET('/api/v1/conversations/{id}', { params: { path: { id } }, signal })),
  });
  const gone = () => void readAgain(client, detailKey(id));
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  useLive((event) => {
    const mine = event.conversation_id === id || (event.type === 'resync' && !event.conversation_id);
    if (!mine || event.type === 'delta') return;
    if (event.type === 'conversation' && !event.conversation) {
      // Deleted: a moment later, for whoever deleted it here has left by then.
      clearTimeout(timer.current);
      timer.current = setTimeout(gone, 1500);
      return;
    }
    if (event.conversation) applyRow(client, event.conversation);
    // Variables, usage and what may be done are only in the detail.
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      void readAgain(client, detailKey(id));
    }, 400);
  });
  return query;
}
