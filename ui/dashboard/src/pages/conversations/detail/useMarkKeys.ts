import { useEffect, useRef } from 'react';
import type { Conversation } from '@/api/types';
import { useCan } from '@/auth/useMe';
import { inField, inOverlay } from '../useListKeys';
import type { Marks } from './useMarks';

/** The keys of the conversation that is open: `r` says that it was reviewed, or takes that back, `u` marks it as unread. */
export function useMarkKeys(conversation: Conversation, marks: Marks, onUnread: () => void) {
  const may = useCan('conversations:write');
  const latest = useRef({ conversation, marks, onUnread, may });
  useEffect(() => {
    latest.current = { conversation, marks, onUnread, may };
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.metaKey || event.ctrlKey || event.altKey || event.defaultPrevented || event.repeat) return;
      if (inField(event.target) || inOverlay(event.target)) return;
      const { conversation: c, marks: m, onUnread: unread, may: allowed } = latest.current;
      if (event.key === 'r' && allowed && !m.review.isPending) m.review.mutate(!c.reviewed);
      else if (event.key === 'u') unread();
      else return;
      event.preventDefault();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}
