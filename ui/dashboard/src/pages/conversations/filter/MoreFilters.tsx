import { Button, Group, SegmentedControl, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { text } from '@/text/en';
import { type Filters, type Flag, flags } from '../filters';
import { FilterPill } from './FilterPill';

const t = text.conversations.filters;

interface Props {
  filters: Filters;
  onChange: (part: Partial<Filters>) => void;
}

/** The filters that are used less often: flags, contact, a variable's value. */
export function MoreFilters({ filters, onChange }: Props) {
  const count = Object.keys(filters.flags).length + Number(filters.contact !== '') + filters.variables.length;
  const setFlag = (flag: Flag, value: string) => {
    const next = { ...filters.flags };
    delete next[flag];
    if (value !== '') next[flag] = value === 'true';
    onChange({ flags: next });
  };
  return (
    <FilterPill label={t.more} value={count > 0 ? String(count) : ''} width={340}>
      {() => (
        <Stack gap="sm">
          {flags.map((flag) => (
            <Group key={flag} justify="space-between" wrap="nowrap" gap="sm">
              <Text size="sm" id={`flag-${flag}`}>
                {t.flags[flag]}
              </Text>
              <SegmentedControl
                size="xs"
                aria-labelledby={`flag-${flag}`}
                value={filters.flags[flag] === undefined ? '' : String(filters.flags[flag])}
                onChange={(v) => setFlag(flag, v)}
                data={[
                  { value: '', label: t.any },
                  { value: 'true', label: t.yes },
                  { value: 'false', label: t.no },
                ]}
              />
            </Group>
          ))}
          <ContactField key={filters.contact} value={filters.contact} onChange={(contact) => onChange({ contact })} />
          <VariableFields onAdd={(v) => onChange({ variables: [...filters.variables, v] })} />
        </Stack>
      )}
    </FilterPill>
  );
}

function ContactField({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const [draft, setDraft] = useState(value);
  return (
    <form
      onSubmit={(e) => {
        e.preventDefault();
        onChange(draft.trim());
      }}
    >
      <TextInput
        size="sm"
        label={t.contact}
        placeholder={t.contactHelp}
        value={draft}
        onChange={(e) => setDraft(e.currentTarget.value)}
        onBlur={() => draft.trim() !== value && onChange(draft.trim())}
      />
    </form>
  );
}

function VariableFields({ onAdd }: { onAdd: (v: { name: string; value: string }) => void }) {
  const [name, setName] = useState('');
  const [value, setValue] = useState('');
  return (
    <form
      onSubmit={(e) => {
        e.preventDefault();
        onAdd({ name: name.trim(), value: value.trim() });
        setName('');
        setValue('');
      }}
    >
      <Text size="sm" fw={500} mb={4}>
        {t.variable}
      </Text>
      <Group gap={6} wrap="nowrap">
        <TextInput
          size="sm"
          aria-label={t.variableName}
          placeholder="order_id"
          value={name}
          onChange={(e) => setName(e.currentTarget.value)}
        />
        <TextInput
          size="sm"
          aria-label={t.variableValue}
          placeholder={t.variableValue}
          value={value}
          onChange={(e) => setValue(e.currentTarget.value)}
        />
        <Button
          type="submit"
          variant="default"
          size="sm"
          px="sm"
          disabled={!name.trim() || !value.trim()}
          style={{ flex: 'none' }}
        >
          {t.addVariable}
        </Button>
      </Group>
    </form>
  );
}
