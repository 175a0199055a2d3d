import { describe, expect, it } from 'vitest';
import { listChanges } from './changes';

const v = (name: string, type = 'text') => ({ name, type });
const name = (item: { name: string }) => item.name;

describe('listChanges', () => {
  it('finds what came, went and changed', () => {
    const { items, reordered } = listChanges([v('a'), v('b'), v('c')], [v('b', 'number'), v('c'), v('d')], name);
    expect(reordered).toBe(false);
    expect(items.map((i) => [i.key, i.kind])).toEqual([
      ['a', 'removed'],
      ['b', 'changed'],
      ['d', 'added'],
    ]);
    expect(items[1]?.fields).toEqual([{ name: 'type', before: 'text', after: 'number' }]);
  });

  it('sees that only the order has changed', () => {
    expect(listChanges([v('a'), v('b')], [v('b'), v('a')], name)).toEqual({ items: [], reordered: true });
  });

  it('tells items of the same name apart', () => {
    const { items } = listChanges([v('a')], [v('a'), v('a', 'date')], name);
    expect(items.map((i) => [i.key, i.kind])).toEqual([['a (2)', 'added']]);
  });

  it('passes over what means nothing', () => {
    expect(listChanges([{ name: 'a', required: false }], [{ name: 'a' }], name).items).toEqual([]);
  });
});
