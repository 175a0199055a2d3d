import { Button, Group, Text } from '@mantine/core';
import { IconPlus, IconVariable } from '@tabler/icons-react';
import { useState } from 'react';
import type { VariableSchema } from '@/api/types';
import { EmptyState } from '@/parts/EmptyState';
import { Tag } from '@/parts/Tag';
import { notifyUndo } from '@/parts/undo';
import { text } from '@/text/en';
import { ItemMenu } from '../ItemMenu';
import items from '../Items.module.css';
import { Section } from '../Section';
import type { Draft } from '../useDraft';
import { VariableEditor } from './VariableEditor';

const t = text.assistants.variables;

/** What is collected in a conversation. */
export function VariablesTab({ draft }: { draft: Draft }) {
  const { config, patch, problems, readOnly } = draft;
  const list = config.variables ?? [];
  // The index that is edited; the length of the list for a new one.
  const [editing, setEditing] = useState<number | null>(null);
  const put = (variable: VariableSchema) => {
    const next = [...list];
    next[editing ?? list.length] = variable;
    patch({ variables: next });
    setEditing(null);
  };
  const remove = (index: number) => {
    const variable = list[index];
    if (!variable) return;
    patch({ variables: list.filter((_, i) => i !== index) });
    notifyUndo(t.removed(variable.name), t.undo, () => patch({ variables: list }));
  };
  const move = (index: number, by: number) => {
    const next = [...list];
    const [variable] = next.splice(index, 1);
    if (variable) next.splice(index + by, 0, variable);
    patch({ variables: next });
  };
  const add = !readOnly && (
    <Button leftSection={<IconPlus size={16} />} variant="default" onClick={() => setEditing(list.length)}>
      {t.add}
    </Button>
  );

  return (
    <Section title={t.title} note={t.help} actions={list.length > 0 && add}>
      {list.length === 0 ? (
        <EmptyState icon={IconVariable} title={t.emptyTitle} actions={add}>
          {t.emptyBody}
        </EmptyState>
      ) : (
        <ul className={items.list}>
          {list.map((variable, i) => (
            <li key={`${variable.name} ${variable.source} ${i}`} className={items.item}>
              <div className={items.main}>
                <button type="button" className={`${items.open} ${items.mono}`} onClick={() => setEditing(i)}>
                  {variable.name || '?'}
                </button>
                <Summary variable={variable} problem={problemOf(problems, i)} />
              </div>
              <div className={items.side}>
                {variable.required && <Tag tone="accent">{t.required}</Tag>}
                {!readOnly && (
                  <ItemMenu
                    label={t.actionsFor(variable.name)}
                    words={t}
                    onEdit={() => setEditing(i)}
                    onRemove={() => remove(i)}
                    onUp={i > 0 ? () => move(i, -1) : undefined}
                    onDown={i < list.length - 1 ? () => move(i, 1) : undefined}
                  />
                )}
              </div>
            </li>
          ))}
        </ul>
      )}
      <Text size="xs" c="dimmed">
        {t.always}
      </Text>
      <VariableEditor
        key={editing ?? 'none'}
        opened={editing !== null}
        start={editing === null ? undefined : list[editing]}
        rest={list.filter((_, i) => i !== editing)}
        readOnly={readOnly}
        onDone={put}
        onClose={() => setEditing(null)}
      />
    </Section>
  );
}

function Summary({ variable, problem }: { variable: VariableSchema; problem?: string }) {
  if (problem) {
    return (
      <Text size="xs" className={items.wrong}>
        {problem}
      </Text>
    );
  }
  return (
    <Group gap={6} wrap="nowrap">
      <Text size="xs" c="dimmed" truncate>
        {t.types[variable.type]} · {t.sources[variable.source].label}
        {variable.description ? ` · ${variable.description}` : ''}
      </Text>
    </Group>
  );
}

function problemOf(problems: Record<string, string>, index: number): string | undefined {
  const path = Object.keys(problems).find((p) => p.startsWith(`variables.${index}.`));
  return path && problems[path];
}
