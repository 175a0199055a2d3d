import type { Erasure } from '@/api/types';
import { fileSize, number } from '@/parts/number';
import { text } from '@/text/en';

const t = text.privacy.gone;

/** "3 conversations, 41 messages, 2 files (1.2 MB)"; empty if it is nothing. */
export function goneText(gone: Partial<Erasure['gone']>): string {
  const parts: string[] = [];
  const add = (n: number | undefined, words: (n: string, one: boolean) => string) => {
    if (n) parts.push(words(number(n), n === 1));
  };
  add(gone.conversations, t.conversations);
  add(gone.messages, t.messages);
  add(gone.variables, t.variables);
  add(gone.files, (n, one) =>
    gone.file_bytes === undefined ? t.files(n, one) : t.withSize(t.files(n, one), fileSize(gone.file_bytes)),
  );
  add(gone.identities, t.identities);
  add(gone.webhooks, t.webhooks);
  add(gone.answers, t.answers);
  add(gone.exports, t.exports);
  add(gone.examples, t.examples);
  return parts.join(', ');
}
