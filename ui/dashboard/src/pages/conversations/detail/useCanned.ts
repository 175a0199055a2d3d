import { type KeyboardEvent, type RefObject, useId, useState } from 'react';
import type { Conversation } from '@/api/types';
import { useMe } from '@/auth/useMe';
import { type Slash, fill, meant, putIn, slashAt, valuesOf } from '@/desk/canned';
import { useReplies } from '@/desk/queries';

interface Field {
  content: string;
  write: (next: string) => void;
  ref: RefObject<HTMLTextAreaElement | null>;
}

/** The canned replies that are offered while a slash is typed: arrows choose, Enter and Tab put one in, Escape closes. */
export function useCanned(conversation: Conversation, { content, write, ref }: Field) {
  const id = useId();
  const [slash, setSlash] = useState<Slash | null>(null);
  const [at, setAt] = useState(0);
  const replies = useReplies().data?.data ?? [];
  const operator = useMe().data?.member?.name ?? '';
  const values = valuesOf(conversation, operator);
  const open = slash !== null && replies.length > 0;
  const options = open ? meant(replies, slash.typed).map((r) => ({ ...r, filled: fill(r.text, values) })) : [];

  const choose = (index: number) => {
    const reply = options[index];
    if (!reply || !slash) return;
    const next = putIn(content, slash, slash.start + 1 + slash.typed.length, reply.filled);
    write(next.content);
    setSlash(null);
    requestAnimationFrame(() => {
      ref.current?.focus();
      ref.current?.setSelectionRange(next.caret, next.caret);
    });
  };

  return {
    id,
    open,
    options,
    at,
    choose,
    /** Looks where the caret stands after a change of the text. */
    look: (text: string, caret: number) => {
      setSlash(slashAt(text, caret));
      setAt(0);
    },
    close: () => setSlash(null),
    /** Whether the key was for the list. */
    key: (event: KeyboardEvent): boolean => {
      if (!open || event.nativeEvent.isComposing) return false;
      if (event.key === 'Escape') setSlash(null);
      else if (options.length === 0) return false;
      else if (event.key === 'ArrowDown') setAt((at + 1) % options.length);
      else if (event.key === 'ArrowUp') setAt((at + options.length - 1) % options.length);
      else if ((event.key === 'Enter' && !event.shiftKey) || event.key === 'Tab') choose(at);
      else return false;
      event.preventDefault();
      event.stopPropagation(); // Escape closes the list, not the conversation
      return true;
    },
    /** What a screen reader is told of the field. */
    aria: {
      'aria-autocomplete': 'list',
      'aria-controls': open && options.length > 0 ? id : undefined,
      'aria-activedescendant': open && options.length > 0 ? `${id}-${at}` : undefined,
    } as const,
  };
}

export type CannedState = ReturnType<typeof useCanned>;
