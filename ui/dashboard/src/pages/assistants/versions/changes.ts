import { same } from '../draft';

/** A field in which two states of an item differ. */
export interface FieldChange {
  name: string;
  before: unknown;
  after: unknown;
}

/** An item of a list that came, went or is another one now. */
export interface ItemChange {
  key: string;
  kind: 'added' | 'removed' | 'changed';
  fields: FieldChange[];
}

export interface ListChange {
  items: ItemChange[];
  /** The items are the same and stand in another order. */
  reordered: boolean;
}

type Item = object;

/** What differs between two lists whose items have names. Two of the same name are told apart by their order. */
export function listChanges<T extends Item>(
  before: readonly T[],
  after: readonly T[],
  nameOf: (item: T) => string,
): ListChange {
  const a = keyed(before, nameOf);
  const b = keyed(after, nameOf);
  const items: ItemChange[] = [];
  for (const [key, item] of a) {
    const now = b.get(key);
    if (now === undefined) items.push({ key, kind: 'removed', fields: fieldChanges(item, {}) });
    else {
      const fields = fieldChanges(item, now);
      if (fields.length > 0) items.push({ key, kind: 'changed', fields });
    }
  }
  for (const [key, item] of b) {
    if (!a.has(key)) items.push({ key, kind: 'added', fields: fieldChanges({}, item) });
  }
  const order = (of: Map<string, T>) => [...of.keys()].join('\n');
  return { items, reordered: items.length === 0 && order(a) !== order(b) };
}

function keyed<T extends Item>(items: readonly T[], nameOf: (item: T) => string): Map<string, T> {
  const out = new Map<string, T>();
  for (const item of items) {
    const name = nameOf(item);
    let key = name;
    for (let n = 2; out.has(key); n++) key = `${name} (${n})`;
    out.set(key, item);
  }
  return out;
}

function fieldChanges(before: Item, after: Item): FieldChange[] {
  const a = before as Record<string, unknown>;
  const b = after as Record<string, unknown>;
  const names = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  return names
    .filter((name) => !same(a[name], b[name]))
    .map((name) => ({ name, before: a[name], after: b[name] }))
    .filter(({ before: x, after: y }) => !(blank(x) && blank(y)));
}

const blank = (value: unknown) => value === undefined || value === null || value === '' || value === false;
