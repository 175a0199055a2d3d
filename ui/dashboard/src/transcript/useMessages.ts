import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useReducer, useRef } from 'react';
import { api, data } from '@/api/client';
import type { Message, StreamEvent } from '@/api/types';
import { useLive, useLiveFocus } from '@/live/LiveProvider';
import { readAgain } from '@/live/readAgain';
import { type LiveTurns, liveTurns } from '@/live/turnText';
import { mergeMessages } from './timeline';

export const messagesKey = (conversation: string) => ['conversations', conversation, 'messages'] as const;

async function readAll(conversation: string, signal: AbortSignal): Promise<Message[]> {
  const all: Message[] = [];
  let after = 0;
  for (;;) {
    const page = await data(
      api.GET('/api/v1/conversations/{id}/messages', {
        params: { path: { id: conversation }, query: { after, limit: 500 } },
        signal,
      }),
    );
    all.push(...page.data);
    const last = page.data.at(-1)?.seq;
    if (page.next_cursor === null || last === undefined) return all;
    after = last;
  }
}

const reduce = (turns: LiveTurns, event: StreamEvent | null): LiveTurns => (event ? liveTurns(turns, event) : {});

/**
 * The messages of a conversation and its running turns, as they change. Only
 * one conversation of the page may use it at a time: it claims the deltas of
 * the stream.
 */
export function useMessages(conversation: string) {
  const client = useQueryClient();
  const [turns, dispatch] = useReducer(reduce, {});
  useEffect(() => dispatch(null), [conversation]);
  useLiveFocus(conversation);
  // What the stream brings while the answer to a read is on its way: the read
  // may have been too early for it.
  const early = useRef<Message[]>([]);
  const query = useQuery({
    queryKey: messagesKey(conversation),
    enabled: conversation !== '',
    queryFn: async ({ signal }) => {
      early.current = [];
      const log = await readAll(conversation, signal);
      const known = client.getQueryData<Message[]>(messagesKey(conversation)) ?? [];
      return mergeMessages(mergeMessages(log, known), early.current);
    },
    refetchOnWindowFocus: false,
  });
  useLive((event) => {
    if (event.type === 'resync') {
      if (event.conversation_id && event.conversation_id !== conversation) return;
      dispatch(event);
      void readAgain(client, messagesKey(conversation));
      return;
    }
    if (event.conversation_id !== conversation) return;
    dispatch(event);
    const changed = event.message;
    if (changed) {
      early.current.push(changed);
      client.setQueryData<Message[]>(messagesKey(conversation), (log) => log && mergeMessages(log, [changed]));
    }
  });
  return { query, messages: query.data, turns };
}
