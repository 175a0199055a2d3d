import { CloseButton, Kbd, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { type RefObject, useEffect, useState } from 'react';
import { text } from '@/text/en';
import classes from './Filter.module.css';

const t = text.conversations.filters;

interface Props {
  value: string;
  onChange: (value: string) => void;
  input: RefObject<HTMLInputElement | null>;
}

/** Full-text search over the messages, a moment after the last key. */
export function SearchField({ value, onChange, input }: Props) {
  const [draft, setDraft] = useState(value);
  // What another part of the page did to the search shows here too.
  useEffect(() => setDraft((d) => (d.trim() === value.trim() ? d : value)), [value]);
  const changeSoon = useDebouncedCallback((next: string) => onChange(next.trim()), 250);
  const set = (next: string) => {
    setDraft(next);
    changeSoon(next);
  };
  return (
    <TextInput
      ref={input}
      className={classes.search}
      type="search"
      radius="xl"
      size="sm"
      aria-label={t.search}
      placeholder={t.search}
      maxLength={500}
      value={draft}
      leftSection={<IconSearch size={16} stroke={1.8} />}
      rightSection={
        draft ? (
          <CloseButton size="sm" aria-label={t.clearSearch} onClick={() => set('')} />
        ) : (
          <Kbd size="xs" title={t.searchHint} visibleFrom="sm">
            /
          </Kbd>
        )
      }
      onChange={(e) => set(e.currentTarget.value)}
      onKeyDown={(e) => {
        if (e.key === 'Escape') {
          e.stopPropagation();
          if (draft) set('');
          else e.currentTarget.blur();
        }
      }}
    />
  );
}
