import { render } from '@testing-library/react';
import { expect, test } from 'vitest';
import { Flags } from './Flags';

test('a flag stays in one piece, and the text around it as it was', () => {
  const html = render(<Flags>{'Start a well-known program with --public-url, not --demo.'}</Flags>).container.innerHTML;
  expect(html.replace(/<[^>]*>/g, '')).toBe('Start a well-known program with --public-url, not --demo.');
  expect([...html.matchAll(/<span style="white-space: nowrap;">([^<]*)<\/span>/g)].map((m) => m[1])).toEqual([
    '--public-url',
    '--demo',
  ]);
});
