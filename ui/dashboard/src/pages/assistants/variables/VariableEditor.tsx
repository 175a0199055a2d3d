import {
  Button,
  Checkbox,
  Fieldset,
  Group,
  Modal,
  Radio,
  Select,
  Stack,
  TagsInput,
  TextInput,
  Textarea,
} from '@mantine/core';
import { DateInput } from '@mantine/dates';
import { useState } from 'react';
import type { VariableSchema } from '@/api/types';
import { text } from '@/text/en';
import { type Problems, checkVariable } from '../check';
import type { VariableSource, VariableType } from '../types';

const t = text.assistants.variables;

interface Props {
  opened: boolean;
  /** The variable that is edited; none for a new one. */
  start?: VariableSchema;
  rest: readonly VariableSchema[];
  readOnly: boolean;
  onDone: (variable: VariableSchema) => void;
  onClose: () => void;
}

const blank: VariableSchema = { name: '', type: 'text', source: 'extracted' };

/** Edits one variable. */
export function VariableEditor({ opened, start, rest, readOnly, onDone, onClose }: Props) {
  const [variable, setVariable] = useState(start ?? blank);
  const [asked, setAsked] = useState(false);
  const found = checkVariable(variable, rest);
  const problems: Problems = asked ? found : {};
  const change = (changes: Partial<VariableSchema>) => setVariable((old) => ({ ...old, ...changes }));
  const done = () => {
    setAsked(true);
    if (Object.keys(found).length === 0) onDone(tidy(variable));
  };
  return (
    <Modal opened={opened} onClose={onClose} title={start ? t.editTitle : t.newTitle} size="lg">
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          done();
        }}
      >
        <Fieldset variant="unstyled" disabled={readOnly}>
          <Stack gap="md">
            <Group grow align="flex-start">
              <TextInput
                label={t.name}
                description={t.nameHelp}
                value={variable.name}
                maxLength={64}
                spellCheck={false}
                autoComplete="off"
                data-autofocus
                onChange={(event) => change({ name: event.currentTarget.value.replaceAll(' ', '_') })}
                error={problems['name']}
              />
              <Select
                label={t.type}
                description={'\u00a0'}
                data={Object.entries(t.types).map(([value, label]) => ({ value, label }))}
                value={variable.type}
                allowDeselect={false}
                onChange={(value) => change({ type: value as VariableType, default: undefined })}
              />
            </Group>
            {variable.type === 'enum' && (
              <TagsInput
                label={t.options}
                description={t.optionsHelp}
                value={variable.options ?? []}
                onChange={(options) => change({ options })}
                error={problems['options']}
              />
            )}
            <Radio.Group
              label={t.source}
              value={variable.source}
              onChange={(value) => change({ source: value as VariableSource })}
            >
              <Stack gap="xs" mt={6}>
                {Object.entries(t.sources).map(([value, { label, help }]) => (
                  <Radio key={value} value={value} label={label} description={help} />
                ))}
              </Stack>
            </Radio.Group>
            <Textarea
              label={t.description}
              description={t.descriptionHelp}
              autosize
              minRows={2}
              maxLength={4000}
              value={variable.description ?? ''}
              onChange={(event) => change({ description: event.currentTarget.value })}
            />
            {variable.source === 'extracted' && (
              <>
                <TextInput
                  label={t.question}
                  description={t.questionHelp}
                  maxLength={4000}
                  value={variable.question ?? ''}
                  onChange={(event) => change({ question: event.currentTarget.value })}
                />
                <Checkbox
                  label={t.required}
                  description={t.requiredHelp}
                  checked={variable.required ?? false}
                  onChange={(event) => change({ required: event.currentTarget.checked })}
                />
              </>
            )}
            {variable.source !== 'post_conversation' && (
              <DefaultField
                variable={variable}
                onChange={(value) => change({ default: value })}
                error={problems['default']}
              />
            )}
            <Group justify="flex-end" gap="xs">
              <Button variant="default" onClick={onClose}>
                {text.common.cancel}
              </Button>
              {!readOnly && <Button type="submit">{t.done}</Button>}
            </Group>
          </Stack>
        </Fieldset>
      </form>
    </Modal>
  );
}

interface DefaultProps {
  variable: VariableSchema;
  onChange: (value: string | undefined) => void;
  error?: string;
}

function DefaultField({ variable, onChange, error }: DefaultProps) {
  const common = { label: t.default, description: t.defaultHelp, error };
  const value = variable.default ?? '';
  if (variable.type === 'boolean' || variable.type === 'enum') {
    const options =
      variable.type === 'boolean'
        ? [
            { value: 'true', label: t.yes },
            { value: 'false', label: t.no },
          ]
        : [...new Set(variable.options ?? [])];
    return (
      <Select
        {...common}
        data={options}
        value={value || null}
        placeholder={t.noDefault}
        clearable
        onChange={(next) => onChange(next ?? undefined)}
      />
    );
  }
  if (variable.type === 'date') {
    return (
      <DateInput
        {...common}
        value={value || null}
        placeholder={t.noDefault}
        valueFormat="YYYY-MM-DD"
        clearable
        onChange={(next) => onChange(next ?? undefined)}
      />
    );
  }
  return (
    <TextInput
      {...common}
      value={value}
      inputMode={variable.type === 'number' ? 'decimal' : undefined}
      onChange={(event) => onChange(event.currentTarget.value || undefined)}
    />
  );
}

// Leaves out what does not belong to the type and the source.
function tidy(variable: VariableSchema): VariableSchema {
  const extracted = variable.source === 'extracted';
  return {
    ...variable,
    options: variable.type === 'enum' ? variable.options : undefined,
    question: extracted ? variable.question : undefined,
    required: extracted ? variable.required : undefined,
    default: variable.source === 'post_conversation' ? undefined : variable.default,
  };
}
