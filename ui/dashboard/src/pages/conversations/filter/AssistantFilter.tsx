import { Checkbox, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { text } from '@/text/en';
import classes from './Filter.module.css';
import { FilterPill } from './FilterPill';
import { useAssistantNames } from './useAssistantNames';

const t = text.conversations.filters;

interface Props {
  value: string[];
  onChange: (value: string[]) => void;
}

/** Several assistants, found by name. */
export function AssistantFilter({ value, onChange }: Props) {
  const names = useAssistantNames();
  const [find, setFind] = useState('');
  const shown = names.list.filter((a) => a.name.toLowerCase().includes(find.trim().toLowerCase()));
  const said = value.length > 1 ? t.several(value.length) : value[0] ? names.of(value[0]) : '';
  return (
    <FilterPill label={t.assistant} value={said} width={280}>
      {() => (
        <Stack gap="xs">
          {names.list.length > 6 && (
            <TextInput
              size="xs"
              placeholder={t.findAssistant}
              aria-label={t.findAssistant}
              value={find}
              onChange={(e) => setFind(e.currentTarget.value)}
            />
          )}
          <Checkbox.Group value={value} onChange={onChange} aria-label={t.assistant}>
            <Stack gap={9} py={4} className={classes.scroll}>
              {shown.map((a) => (
                <Checkbox key={a.id} value={a.id} label={a.name} size="sm" />
              ))}
            </Stack>
          </Checkbox.Group>
          {shown.length === 0 && (
            <Text size="sm" c="dimmed">
              {t.noAssistant}
            </Text>
          )}
        </Stack>
      )}
    </FilterPill>
  );
}
