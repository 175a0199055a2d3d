import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { api, data, newKey, send } from '@/api/client';
import type { Attachment, Message } from '@/api/types';
import { notifyError } from '@/parts/notify';
import { text } from '@/text/en';
import { mergeMessages } from '@/transcript/timeline';
import { messagesKey } from '@/transcript/useMessages';

const longestFile = 10 * 1024 * 1024;

/**
 * A message being written: its text, its files, and sending it once. `replyTo` is the message that it replies to;
 * `onSent` hears that it was sent.
 */
export function useDraft(conversation: string, replyTo: string | undefined, onSent: () => void) {
  const client = useQueryClient();
  const [content, setContent] = useState('');
  const [files, setFiles] = useState<Attachment[]>([]);
  // One key for one message, so that trying again after a failure cannot send it twice.
  const key = useRef(newKey());
  const keyFor = useRef(replyTo);
  const edit = () => {
    key.current = newKey();
    sending.reset();
  };

  const upload = useMutation({
    mutationFn: async (file: File) => {
      if (file.size > longestFile) throw new Error(text.conversations.composer.tooBig(file.name));
      const form = new FormData();
      form.append('file', file);
      return (await (await send('POST', '/api/v1/attachments', { body: form })).json()) as Attachment;
    },
    onSuccess: (attachment) => {
      edit();
      setFiles((f) => [...f, attachment]);
    },
    onError: notifyError,
  });

  const sending = useMutation({
    mutationFn: () => {
      if (keyFor.current !== replyTo) {
        key.current = newKey(); // replying to another one makes it another message
        keyFor.current = replyTo;
      }
      return data(
        api.POST('/api/v1/conversations/{id}/messages', {
          params: { path: { id: conversation }, header: { 'Idempotency-Key': key.current } },
          body: { role: 'operator', content: content.trim(), attachments: files.map((f) => f.id), reply_to: replyTo },
        }),
      );
    },
    meta: { quiet: true }, // the composer says it
    onSuccess: ({ message }) => {
      client.setQueryData<Message[]>(messagesKey(conversation), (log) => log && mergeMessages(log, [message]));
      setContent('');
      setFiles([]);
      key.current = newKey();
      onSent();
    },
  });

  return {
    content,
    files,
    upload,
    sending,
    empty: content.trim() === '' && files.length === 0,
    write: (next: string) => {
      edit();
      setContent(next);
    },
    remove: (id: string) => {
      edit();
      setFiles((f) => f.filter((x) => x.id !== id));
    },
  };
}
