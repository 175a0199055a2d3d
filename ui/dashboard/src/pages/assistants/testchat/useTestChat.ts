import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';
import { api, data, newKey } from '@/api/client';
import type { Assistant, Conversation, Message } from '@/api/types';
import { applyDetail } from '@/pages/conversations/detail/useConversation';
import { mergeMessages } from '@/transcript/timeline';
import { messagesKey } from '@/transcript/useMessages';

/** What somebody sends as the contact. */
export interface Outgoing {
  content: string;
  attachments: string[];
}

export type PresetValue = string | number | boolean;

interface Options {
  assistant: Assistant;
  /** The conversation that goes on; '' for none yet. */
  conversation: string;
  onConversation: (id: string) => void;
  presets: Record<string, PresetValue>;
}

/** Starts test conversations and writes in them as the contact. */
export function useTestChat({ assistant, conversation, onConversation, presets }: Options) {
  const client = useQueryClient();
  // One key per message, so that trying again after a failure cannot send it twice.
  const key = useRef({ of: '', key: '' });
  // The one that the failed attempt had started is used by the next attempt.
  const started = useRef('');

  const open = async (): Promise<string> => {
    const opened = await data(
      api.POST('/api/v1/conversations', {
        body: { assistant_id: assistant.id, source: 'test', variables: presets },
      }),
    );
    applyDetail(client, opened);
    onConversation(opened.id);
    return opened.id;
  };

  const start = useMutation({ mutationFn: open, meta: { quiet: true } });

  const send = useMutation({
    mutationFn: async (outgoing: Outgoing) => {
      const target = startsAnew(client.getQueryData<Conversation>(['conversations', conversation, 'detail']), assistant)
        ? ''
        : conversation;
      const id = target || started.current || (started.current = await open());
      const of = JSON.stringify([id, outgoing]);
      if (key.current.of !== of) key.current = { of, key: newKey() };
      const sent = await data(
        api.POST('/api/v1/conversations/{id}/messages', {
          params: { path: { id }, header: { 'Idempotency-Key': key.current.key } },
          body: { content: outgoing.content, attachments: outgoing.attachments },
        }),
      );
      client.setQueryData<Message[]>(messagesKey(id), (log) => log && mergeMessages(log, [sent.message]));
    },
    onSuccess: () => {
      key.current = { of: '', key: '' };
      started.current = '';
    },
    meta: { quiet: true },
  });

  return { start, send };
}

/** Whether a message now begins another conversation: the old one has ended and is not reopened. */
export function startsAnew(conversation: Conversation | undefined, assistant: Assistant): boolean {
  return conversation?.status === 'ended' && assistant.config.after_end === 'new';
}
