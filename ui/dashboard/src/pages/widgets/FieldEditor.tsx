import { Button, Group, Modal, NumberInput, Select, Stack, Switch, TextInput, Textarea } from '@mantine/core';
import { useState } from 'react';
import type { WidgetField } from '@/api/types';
import { text } from '@/text/en';
import { FieldTranslation } from './FieldTranslation';

const t = text.widgets.form;
type FieldType = WidgetField['type'];

interface Props {
  /** The field that is changed; none for a new one. */
  field?: WidgetField;
  /** The names of the other fields. */
  taken: string[];
  language: string;
  /** The widget's main language, which the field itself is in. */
  main: string;
  onClose: () => void;
  onDone: (field: WidgetField) => void;
}

const fresh: WidgetField = { name: '', type: 'text', label: '', required: false };

/** A name for a variable, made of what the field is called. */
function nameOf(label: string): string {
  return label
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^[^a-z]+|_+$/g, '')
    .slice(0, 64);
}

/** One field of the form, with its rules and its words in another language. */
export function FieldEditor({ field, taken, language, main, onClose, onDone }: Props) {
  const [value, setValue] = useState<WidgetField>(field ?? fresh);
  const set = (patch: Partial<WidgetField>) => setValue((now) => ({ ...now, ...patch }));
  const name = value.name || nameOf(value.label);
  const good = /^[A-Za-z][A-Za-z0-9_]{0,63}$/.test(name) && !taken.includes(name);
  const texts = value.type === 'text' || value.type === 'long_text';
  const lines = (s: string) => s.split('\n').map((line) => line.trimStart());
  const done = () => {
    const clean = { ...value, name, options: undefined as string[] | undefined };
    if (value.type === 'dropdown') clean.options = (value.options ?? []).map((o) => o.trim()).filter(Boolean);
    if (value.type !== 'checkbox') delete clean.consent;
    onDone(clean);
  };
  return (
    <Modal opened onClose={onClose} title={field ? t.editTitle : t.newTitle} size="lg">
      <Stack gap="md">
        <Group grow align="flex-start">
          <TextInput
            label={t.label}
            value={value.label}
            maxLength={200}
            onChange={(event) => set({ label: event.currentTarget.value })}
            data-autofocus
          />
          <Select
            label={t.type}
            data={(Object.keys(t.types) as FieldType[]).map((type) => ({ value: type, label: t.types[type] }))}
            value={value.type}
            onChange={(type) => type && set({ type: type as FieldType })}
            allowDeselect={false}
          />
        </Group>
        <TextInput
          label={t.variable}
          description={t.variableHelp}
          value={value.name}
          placeholder={nameOf(value.label)}
          maxLength={64}
          onChange={(event) => set({ name: event.currentTarget.value.trim() })}
          error={value.label && !good ? t.variableWrong : undefined}
          spellCheck={false}
        />
        <Switch
          label={t.required}
          checked={value.required}
          onChange={(event) => set({ required: event.currentTarget.checked })}
        />
        {value.type === 'dropdown' && (
          <Textarea
            label={t.options}
            description={t.optionsHelp}
            autosize
            minRows={3}
            value={(value.options ?? []).join('\n')}
            onChange={(event) => set({ options: lines(event.currentTarget.value) })}
          />
        )}
        {value.type === 'number' && (
          <Group grow>
            <NumberInput
              label={t.min}
              value={value.min ?? ''}
              onChange={(n) => set({ min: n === '' ? undefined : Number(n) })}
            />
            <NumberInput
              label={t.max}
              value={value.max ?? ''}
              onChange={(n) => set({ max: n === '' ? undefined : Number(n) })}
            />
          </Group>
        )}
        {value.type === 'checkbox' ? (
          <Textarea
            label={t.consent}
            description={t.consentHelp}
            autosize
            minRows={2}
            value={value.consent ?? ''}
            onChange={(event) => set({ consent: event.currentTarget.value })}
          />
        ) : (
          value.type !== 'dropdown' && (
            <TextInput
              label={t.placeholder}
              value={value.placeholder ?? ''}
              onChange={(event) => set({ placeholder: event.currentTarget.value })}
            />
          )
        )}
        {texts && (
          <>
            <NumberInput
              label={t.maxLength}
              min={1}
              max={4000}
              value={value.max_length ?? ''}
              onChange={(n) => set({ max_length: n === '' ? undefined : Number(n) })}
            />
            <TextInput
              label={t.pattern}
              description={t.patternHelp}
              value={value.pattern ?? ''}
              onChange={(event) => set({ pattern: event.currentTarget.value })}
              spellCheck={false}
            />
            {value.pattern && (
              <TextInput
                label={t.patternHint}
                value={value.pattern_hint ?? ''}
                onChange={(event) => set({ pattern_hint: event.currentTarget.value })}
              />
            )}
          </>
        )}
        {language !== main && <FieldTranslation field={value} language={language} onChange={set} />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {text.common.cancel}
          </Button>
          <Button onClick={done} disabled={!value.label.trim() || !good}>
            {t.done}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
