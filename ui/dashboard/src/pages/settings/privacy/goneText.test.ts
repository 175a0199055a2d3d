import { expect, test } from 'vitest';
import { goneText } from './goneText';

test('what is gone is counted in words, and what is not there is left out', () => {
  expect(
    goneText({
      conversations: 1,
      messages: 12_000,
      variables: 0,
      files: 2,
      file_bytes: 2048,
      identities: 3,
      webhooks: 1,
      answers: 0,
      exports: 2,
      examples: 1,
    }),
  ).toBe('1 conversation, 12,000 messages, 2 files (2 KB), 3 handles, 1 webhook, 2 exports, 1 example');
  expect(goneText({})).toBe('');
});
