import { expect, test } from 'vitest';
import { chooseOne, chooseRange } from './choose';

const shown = ['a', 'b', 'c', 'd', 'e'];
const list = (s: ReadonlySet<string>) => [...s].sort();

test('one is chosen, and chosen no more', () => {
  const one = chooseOne(new Set(), 'a');
  expect(list(one)).toEqual(['a']);
  expect(list(chooseOne(one, 'a'))).toEqual([]);
});

test('a range is chosen in both directions, and keeps what is chosen', () => {
  expect(list(chooseRange(new Set(['a']), shown, 'c', 'e'))).toEqual(['a', 'c', 'd', 'e']);
  expect(list(chooseRange(new Set(), shown, 'd', 'b'))).toEqual(['b', 'c', 'd']);
});

test('a range from what is not shown any more is only its end', () => {
  expect(list(chooseRange(new Set(), shown, 'z', 'b'))).toEqual(['b']);
});
