import { Button } from '@mantine/core';
import { type Icon, IconPlus } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { EmptyState } from '@/parts/EmptyState';
import { notifyUndo } from '@/parts/undo';
import { ItemMenu } from './ItemMenu';
import classes from './Items.module.css';
import { Section } from './Section';
import type { useItems } from './useItems';

interface Props<T> {
  items: ReturnType<typeof useItems<T>>;
  icon: Icon;
  words: {
    title: string;
    help: string;
    add: string;
    emptyTitle: string;
    emptyBody: string;
    edit: string;
    remove: string;
    removed: (name: string) => string;
    undo: string;
    actionsFor: (name: string) => string;
    /** Without these the order does not matter. */
    up?: string;
    down?: string;
  };
  readOnly: boolean;
  nameOf: (item: T) => string;
  /** Whether names are written as in code. */
  mono?: boolean;
  /** What stands below the name. */
  about: (item: T, index: number) => ReactNode;
  /** What stands at the right. */
  aside?: (item: T) => ReactNode;
  /** What stands above the list if it is not empty. */
  above?: ReactNode;
  children: ReactNode;
}

/** A part of an assistant that is a list: variables, tools, examples. */
export function ItemList<T>({ items, words, readOnly, nameOf, mono, about, aside, ...props }: Props<T>) {
  const { list } = items;
  const add = !readOnly && (
    <Button leftSection={<IconPlus size={16} />} variant="default" onClick={items.add}>
      {words.add}
    </Button>
  );
  const move = (index: number, by: number) =>
    words.up && index + by >= 0 && index + by < list.length ? () => items.move(index, by) : undefined;
  return (
    <Section title={words.title} note={words.help} actions={list.length > 0 && add}>
      {list.length === 0 ? (
        <EmptyState icon={props.icon} title={words.emptyTitle} actions={add}>
          {words.emptyBody}
        </EmptyState>
      ) : (
        <>
          {props.above}
          <ul className={classes.list}>
            {list.map((item, i) => (
              <li key={`${nameOf(item)} ${i}`} className={classes.item}>
                <div className={classes.main}>
                  <button
                    type="button"
                    className={mono ? `${classes.open} ${classes.mono}` : classes.open}
                    onClick={() => items.edit(i)}
                  >
                    {nameOf(item) || '?'}
                  </button>
                  {about(item, i)}
                </div>
                <div className={classes.side}>
                  {aside?.(item)}
                  {!readOnly && (
                    <ItemMenu
                      label={words.actionsFor(nameOf(item))}
                      words={words}
                      onEdit={() => items.edit(i)}
                      onRemove={() => notifyUndo(words.removed(nameOf(item)), words.undo, items.remove(i))}
                      onUp={move(i, -1)}
                      onDown={move(i, 1)}
                    />
                  )}
                </div>
              </li>
            ))}
          </ul>
        </>
      )}
      {props.children}
    </Section>
  );
}
