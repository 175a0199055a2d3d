import { expect, test } from 'vitest';
import { backoff } from './stream';

test('tries are further and further apart, up to half a minute, with jitter', () => {
  expect([0, 1, 2, 3, 4, 5, 20].map((n) => backoff(n, () => 0.5))).toEqual([
    1000, 2000, 4000, 8000, 16000, 30000, 30000,
  ]);
  expect(backoff(0, () => 0)).toBe(750);
  expect(backoff(0, () => 1)).toBe(1250);
});
