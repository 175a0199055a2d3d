import { NumberInput, Select, TextInput } from '@mantine/core';
import { DateInput } from '@mantine/dates';
import type { VariableSchema } from '@/api/types';
import { text } from '@/text/en';
import type { PresetValue } from './useTestChat';

interface Props {
  variable: VariableSchema;
  value: PresetValue | undefined;
  onChange: (value: PresetValue | undefined) => void;
}

/** A field for the value of a variable, as its type wants it. */
export function PresetField({ variable, value, onChange }: Props) {
  const common = {
    label: variable.name,
    description: variable.description || undefined,
    size: 'xs' as const,
  };
  switch (variable.type) {
    case 'number':
      return (
        <NumberInput
          {...common}
          value={typeof value === 'number' ? value : ''}
          onChange={(next) => onChange(next === '' ? undefined : Number(next))}
        />
      );
    case 'boolean':
      return (
        <Select
          {...common}
          clearable
          data={[
            { value: 'true', label: text.assistants.variables.yes },
            { value: 'false', label: text.assistants.variables.no },
          ]}
          value={value === undefined ? null : String(value)}
          onChange={(next) => onChange(next === null ? undefined : next === 'true')}
          comboboxProps={{ withinPortal: false }}
        />
      );
    case 'enum':
      return (
        <Select
          {...common}
          clearable
          data={[...new Set(variable.options ?? [])]}
          value={typeof value === 'string' ? value : null}
          onChange={(next) => onChange(next ?? undefined)}
          comboboxProps={{ withinPortal: false }}
        />
      );
    case 'date':
      return (
        <DateInput
          {...common}
          clearable
          valueFormat="YYYY-MM-DD"
          value={typeof value === 'string' ? value : null}
          onChange={(next) => onChange(next ?? undefined)}
          popoverProps={{ withinPortal: false }}
        />
      );
    case 'text':
      return (
        <TextInput
          {...common}
          placeholder={variable.default}
          value={typeof value === 'string' ? value : ''}
          onChange={(event) => onChange(event.currentTarget.value || undefined)}
        />
      );
  }
}
