import { Button, Text } from '@mantine/core';
import { IconInfoCircle, IconPlus, IconTool } from '@tabler/icons-react';
import { useState } from 'react';
import type { HTTPTool } from '@/api/types';
import { Notice } from '@/parts/Notice';
import { EmptyState } from '@/parts/EmptyState';
import { Tag } from '@/parts/Tag';
import { notifyUndo } from '@/parts/undo';
import { text } from '@/text/en';
import { ItemMenu } from '../ItemMenu';
import items from '../Items.module.css';
import { Section } from '../Section';
import { builtinProvider } from '../types';
import type { Draft } from '../useDraft';
import { ToolEditor } from './ToolEditor';

const t = text.assistants.tools;

/** What the model may call. */
export function ToolsTab({ draft }: { draft: Draft }) {
  const { base, config, patch, problems, readOnly } = draft;
  const list = config.tools ?? [];
  const [editing, setEditing] = useState<number | null>(null);
  const put = (tool: HTTPTool) => {
    const next = [...list];
    next[editing ?? list.length] = tool;
    patch({ tools: next });
    setEditing(null);
  };
  const remove = (index: number) => {
    const tool = list[index];
    if (!tool) return;
    patch({ tools: list.filter((_, i) => i !== index) });
    notifyUndo(t.removed(tool.name), t.undo, () => patch({ tools: list }));
  };
  const problemOf = (index: number) => {
    const path = Object.keys(problems).find((p) => p.startsWith(`tools.${index}.`));
    return path && problems[path];
  };
  const add = !readOnly && (
    <Button leftSection={<IconPlus size={16} />} variant="default" onClick={() => setEditing(list.length)}>
      {t.add}
    </Button>
  );
  return (
    <Section title={t.title} note={t.help} actions={list.length > 0 && add}>
      {list.length > 0 && config.model.provider_id === builtinProvider && (
        <Notice tone="warn" icon={<IconInfoCircle size={18} />}>
          {t.builtinWarning}
        </Notice>
      )}
      {list.length === 0 ? (
        <EmptyState icon={IconTool} title={t.emptyTitle} actions={add}>
          {t.emptyBody}
        </EmptyState>
      ) : (
        <ul className={items.list}>
          {list.map((tool, i) => (
            <li key={`${tool.name} ${i}`} className={items.item}>
              <div className={items.main}>
                <button type="button" className={`${items.open} ${items.mono}`} onClick={() => setEditing(i)}>
                  {tool.name}
                </button>
                <Text size="xs" c="dimmed" truncate className={problemOf(i) ? items.wrong : undefined}>
                  {problemOf(i) ?? (tool.description || tool.url)}
                </Text>
              </div>
              <div className={items.side}>
                <Tag>{tool.method}</Tag>
                {!readOnly && (
                  <ItemMenu
                    label={t.actionsFor(tool.name)}
                    words={t}
                    onEdit={() => setEditing(i)}
                    onRemove={() => remove(i)}
                  />
                )}
              </div>
            </li>
          ))}
        </ul>
      )}
      <Text size="xs" c="dimmed">
        {t.builtinNote}
      </Text>
      <ToolEditor
        key={editing ?? 'none'}
        assistantID={base.id}
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
