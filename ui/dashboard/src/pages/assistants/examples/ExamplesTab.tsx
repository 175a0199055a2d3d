import { Anchor, Button, Group, Text } from '@mantine/core';
import { IconBulb, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { Link } from 'react-router';
import type { Example } from '@/api/types';
import { EmptyState } from '@/parts/EmptyState';
import { number } from '@/parts/number';
import { notifyUndo } from '@/parts/undo';
import { text } from '@/text/en';
import { examplesSize, maxExamples } from '../check';
import { ItemMenu } from '../ItemMenu';
import items from '../Items.module.css';
import { Section } from '../Section';
import type { Draft } from '../useDraft';
import { ExampleEditor } from './ExampleEditor';
import classes from './Examples.module.css';

const t = text.workshop.examples;

/** Good answers that the assistant follows. */
export function ExamplesTab({ draft }: { draft: Draft }) {
  const { config, patch, problems, readOnly } = draft;
  const list = config.examples ?? [];
  // The index that is edited; the length of the list for a new one.
  const [editing, setEditing] = useState<number | null>(null);
  const put = (example: Example) => {
    const next = [...list];
    next[editing ?? list.length] = example;
    patch({ examples: next });
    setEditing(null);
  };
  const remove = (index: number) => {
    patch({ examples: list.filter((_, i) => i !== index) });
    notifyUndo(t.removed, t.undo, () => patch({ examples: list }));
  };
  const move = (index: number, by: number) => {
    const next = [...list];
    const [example] = next.splice(index, 1);
    if (example) next.splice(index + by, 0, example);
    patch({ examples: next });
  };
  const add = !readOnly && (
    <Button leftSection={<IconPlus size={16} />} variant="default" onClick={() => setEditing(list.length)}>
      {t.add}
    </Button>
  );
  return (
    <Section title={t.title} note={t.help} actions={list.length > 0 && add}>
      {list.length === 0 ? (
        <EmptyState icon={IconBulb} title={t.emptyTitle} actions={add}>
          {t.emptyBody}
        </EmptyState>
      ) : (
        <ol className={items.list}>
          {list.map((example, i) => (
            <li key={`${example.message_id} ${i}`} className={items.item}>
              <div className={items.main}>
                <button type="button" className={items.open} onClick={() => setEditing(i)}>
                  {example.question || '?'}
                </button>
                <Text size="sm" className={classes.answer}>
                  {example.answer}
                </Text>
                {problems[`examples.${i}`] && (
                  <Text size="xs" className={items.wrong}>
                    {problems[`examples.${i}`]}
                  </Text>
                )}
              </div>
              <div className={items.side}>
                {example.conversation_id && (
                  <Anchor
                    component={Link}
                    size="xs"
                    to={`/conversations/${example.conversation_id}#${example.message_id ?? ''}`}
                  >
                    {t.from}
                  </Anchor>
                )}
                {!readOnly && (
                  <ItemMenu
                    label={t.actionsFor(example.question)}
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
        </ol>
      )}
      {list.length > 0 && (
        <Group gap="xs">
          <Text
            size="xs"
            c={problems['examples'] ? undefined : 'dimmed'}
            className={problems['examples'] && items.wrong}
          >
            {problems['examples'] ?? t.size(number(Math.ceil(examplesSize(list) / 1024)), number(maxExamples / 1024))}
          </Text>
        </Group>
      )}
      <ExampleEditor
        key={editing ?? 'none'}
        opened={editing !== null}
        start={editing === null ? undefined : list[editing]}
        readOnly={readOnly}
        onDone={put}
        onClose={() => setEditing(null)}
      />
    </Section>
  );
}
