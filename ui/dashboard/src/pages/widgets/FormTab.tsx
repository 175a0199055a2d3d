import { ActionIcon, Button, Group, Stack, Switch, Text } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconPencil, IconPlus, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import type { WidgetField } from '@/api/types';
import { Section } from '@/pages/assistants/Section';
import { Notice } from '@/parts/Notice';
import { Tag } from '@/parts/Tag';
import { text } from '@/text/en';
import panel from '../settings/Panel.module.css';
import { FieldEditor } from './FieldEditor';
import type { TabProps } from './tab';

const t = text.widgets.form;

/** The form that visitors fill in before they chat. */
export function FormTab({ draft, language }: TabProps) {
  const { form } = draft.settings;
  const { readOnly } = draft;
  const [editing, setEditing] = useState<number | null>(null);
  const set = (fields: WidgetField[]) => draft.setSettings({ form: { ...form, fields } });
  const move = (from: number, to: number) => {
    const fields = [...form.fields];
    const [moved] = fields.splice(from, 1);
    if (moved) fields.splice(to, 0, moved);
    set(fields);
  };
  const problemOf = (index: number) =>
    ['name', 'label', 'type', 'options', 'pattern', 'max', 'max_length', 'consent']
      .map((part) => draft.problem(`form.fields.${index}.${part}`))
      .find(Boolean);
  const add = !readOnly && (
    <Button variant="default" leftSection={<IconPlus size={16} />} onClick={() => setEditing(form.fields.length)}>
      {t.add}
    </Button>
  );
  return (
    <>
      <Switch
        label={t.enabled}
        description={t.enabledHelp}
        checked={form.enabled}
        onChange={(event) => draft.setSettings({ form: { ...form, enabled: event.currentTarget.checked } })}
        disabled={readOnly}
      />
      {draft.problem('form.fields') && <Notice tone="danger">{draft.problem('form.fields')}</Notice>}
      <Section title={t.fields} actions={add}>
        {form.fields.length === 0 ? (
          <Text size="sm" c="dimmed">
            {t.empty}
          </Text>
        ) : (
          <div className={panel.panel}>
            {form.fields.map((field, index) => (
              <div key={field.name} className={panel.row}>
                <Stack gap={2} className={panel.main}>
                  <span className={panel.name}>{field.label}</span>
                  <Text size="xs" c={problemOf(index) ? 'red' : 'dimmed'}>
                    {problemOf(index) ?? `${t.types[field.type]} · ${field.name}`}
                  </Text>
                </Stack>
                {field.required && <Tag tone="quiet">{t.required}</Tag>}
                {!readOnly && (
                  <Group gap={2}>
                    <ActionIcon
                      aria-label={t.up(field.label)}
                      disabled={index === 0}
                      onClick={() => move(index, index - 1)}
                    >
                      <IconArrowUp size={16} />
                    </ActionIcon>
                    <ActionIcon
                      aria-label={t.down(field.label)}
                      disabled={index === form.fields.length - 1}
                      onClick={() => move(index, index + 1)}
                    >
                      <IconArrowDown size={16} />
                    </ActionIcon>
                    <ActionIcon aria-label={t.edit(field.label)} onClick={() => setEditing(index)}>
                      <IconPencil size={16} />
                    </ActionIcon>
                    <ActionIcon
                      aria-label={t.remove(field.label)}
                      onClick={() => set(form.fields.filter((_, i) => i !== index))}
                    >
                      <IconTrash size={16} />
                    </ActionIcon>
                  </Group>
                )}
              </div>
            ))}
          </div>
        )}
      </Section>
      {editing !== null && (
        <FieldEditor
          field={form.fields[editing]}
          taken={form.fields.filter((_, i) => i !== editing).map((field) => field.name)}
          language={language}
          main={draft.settings.language}
          onClose={() => setEditing(null)}
          onDone={(field) => {
            const fields = [...form.fields];
            fields[editing] = field;
            set(fields);
            setEditing(null);
          }}
        />
      )}
    </>
  );
}
