import { Checkbox, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { TagMark } from '@/desk/TagMark';
import { useTags } from '@/desk/queries';
import { text } from '@/text/en';
import classes from './Filter.module.css';
import { FilterPill } from './FilterPill';

const t = text.desk.tags;

interface Props {
  value: string[];
  onChange: (value: string[]) => void;
}

/** Several tags, found by name; a conversation has to have one of them. */
export function TagFilter({ value, onChange }: Props) {
  const tags = useTags().data?.data ?? [];
  const [find, setFind] = useState('');
  if (tags.length === 0 && value.length === 0) return null;
  const shown = tags.filter((tag) => tag.name.toLowerCase().includes(find.trim().toLowerCase()));
  const first = tags.find((tag) => tag.id === value[0])?.name ?? text.common.unknown;
  const said = value.length > 1 ? text.conversations.filters.several(value.length) : value.length === 1 ? first : '';
  return (
    <FilterPill label={t.filter} value={said} width={260}>
      {() => (
        <Stack gap="xs">
          {tags.length > 6 && (
            <TextInput
              size="xs"
              placeholder={t.find}
              aria-label={t.find}
              value={find}
              onChange={(e) => setFind(e.currentTarget.value)}
            />
          )}
          <Checkbox.Group value={value} onChange={onChange} aria-label={t.filter}>
            <Stack gap={9} py={4} className={classes.scroll}>
              {shown.map((tag) => (
                <Checkbox key={tag.id} value={tag.id} label={<TagMark tag={tag} />} size="sm" />
              ))}
            </Stack>
          </Checkbox.Group>
          {shown.length === 0 && (
            <Text size="sm" c="dimmed">
              {t.none}
            </Text>
          )}
        </Stack>
      )}
    </FilterPill>
  );
}
