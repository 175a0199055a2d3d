import type { CannedReply, Conversation } from '@/api/types';

/** What every canned reply can name in braces. */
export const placeholders = ['contact_name', 'assistant_name', 'operator_name'] as const;

/** Where a slash and a part of a shortcut stand before the caret, at the start of a word. */
export interface Slash {
  start: number;
  typed: string;
}

/** The slash that the caret stands behind, null where there is none. */
export function slashAt(content: string, caret: number): Slash | null {
  const found = /(^|\s)\/([^\s/]{0,40})$/.exec(content.slice(0, caret));
  if (!found) return null;
  const typed = found[2] ?? '';
  return { start: caret - typed.length - 1, typed: typed.toLowerCase() };
}

/** The replies that are meant by what was typed: those whose shortcut begins so, then those that hold it. */
export function meant(replies: readonly CannedReply[], typed: string, most = 8): CannedReply[] {
  const begins = replies.filter((r) => r.shortcut.startsWith(typed));
  const holds = replies.filter(
    (r) => !r.shortcut.startsWith(typed) && (r.shortcut.includes(typed) || r.text.toLowerCase().includes(typed)),
  );
  return [...begins, ...holds].slice(0, most);
}

/** What stands for the placeholders in a conversation: names, and the variables that were collected. */
export function valuesOf(c: Conversation, operator: string): Record<string, string> {
  const values: Record<string, string> = {};
  for (const v of c.variables) values[v.name] = String(v.value);
  return { ...values, contact_name: c.contact.name, assistant_name: c.assistant.name, operator_name: operator };
}

/** Fills in what stands in braces; a name that is not known stays, for whoever writes to see it. */
export const fill = (words: string, values: Record<string, string>): string =>
  words.replace(/\{([A-Za-z][A-Za-z0-9_]{0,63})\}/g, (whole, name: string) => values[name] || whole);

/** Puts a text in the place of the slash; gives the caret behind it too. */
export function putIn(content: string, slash: Slash, caret: number, words: string): { content: string; caret: number } {
  return {
    content: content.slice(0, slash.start) + words + content.slice(caret),
    caret: slash.start + words.length,
  };
}
