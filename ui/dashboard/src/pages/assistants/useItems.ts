import { useState } from 'react';

/** Edits a list of a configuration, one item at a time. */
export function useItems<T>(list: readonly T[], save: (list: T[]) => void) {
  // The index that is edited; the length of the list for a new one.
  const [editing, setEditing] = useState<number | null>(null);
  const close = () => setEditing(null);
  return {
    list,
    add: () => setEditing(list.length),
    edit: (index: number) => setEditing(index),
    /** Returns what brings the item back. */
    remove: (index: number) => {
      save(list.filter((_, i) => i !== index));
      return () => save([...list]);
    },
    move: (index: number, by: number) => {
      const next = [...list];
      next.splice(index + by, 0, ...next.splice(index, 1));
      save(next);
    },
    /** Names what is edited: with another key, an editor begins anew. */
    key: editing ?? 'none',
    rest: list.filter((_, i) => i !== editing),
    /** What an editor of one item gets. */
    editor: {
      opened: editing !== null,
      start: editing === null ? undefined : list[editing],
      onDone: (item: T) => {
        const next = [...list];
        next[editing ?? list.length] = item;
        save(next);
        close();
      },
      onClose: close,
    },
  };
}
