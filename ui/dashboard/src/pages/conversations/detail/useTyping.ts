import { useRef } from 'react';
import type { Conversation } from '@/api/types';

// A contact's page shows it for six seconds.
const every = 3000;

/** Shows a contact who has the chat open that an answer is being written. A courtesy: its failure changes nothing. */
export function useTyping({ id, source }: Conversation): () => void {
  const last = useRef(0);
  return () => {
    const now = Date.now();
    if (source !== 'widget' || now - last.current < every) return;
    last.current = now;
    fetch(`/api/v1/conversations/${id}/typing`, { method: 'POST' }).catch(() => undefined);
  };
}
