import type { VariableSchema } from '@/api/types';

/** The placeholders that every prompt and greeting may use. */
export const systemPlaceholders = [
  'contact_name',
  'contact_phone',
  'assistant_name',
  'current_date',
  'current_time',
  'source',
] as const;

export interface PlaceholderUse {
  name: string;
  /** Index of the opening brace. */
  from: number;
  /** Index after the closing brace. */
  to: number;
}

const pattern = /\{\{\s*([A-Za-z][A-Za-z0-9_]{0,63})\s*\}\}|\{([A-Za-z][A-Za-z0-9_]{0,63})\}/g;

/** Finds `{name}` and `{{ name }}`, in the order of the text. */
export function findPlaceholders(text: string): PlaceholderUse[] {
  const found: PlaceholderUse[] = [];
  for (const match of text.matchAll(pattern)) {
    found.push({ name: match[1] ?? match[2] ?? '', from: match.index, to: match.index + match[0].length });
  }
  return found;
}

/** The names that a placeholder may have for an assistant with these variables. */
export function knownPlaceholders(variables: readonly VariableSchema[]): Set<string> {
  return new Set<string>([...systemPlaceholders, ...variables.map((v) => v.name).filter(Boolean)]);
}

/** The placeholders of the texts that nothing will fill, each once. */
export function unknownPlaceholders(texts: readonly string[], known: ReadonlySet<string>): string[] {
  const names = texts.flatMap((text) => findPlaceholders(text).map((use) => use.name));
  return [...new Set(names)].filter((name) => !known.has(name));
}

export interface Segment {
  text: string;
  kind: 'plain' | 'known' | 'unknown';
}

/** Cuts a text at its placeholders, for highlighting. */
export function segments(text: string, known: ReadonlySet<string>): Segment[] {
  const out: Segment[] = [];
  let at = 0;
  for (const use of findPlaceholders(text)) {
    if (use.from > at) out.push({ text: text.slice(at, use.from), kind: 'plain' });
    out.push({ text: text.slice(use.from, use.to), kind: known.has(use.name) ? 'known' : 'unknown' });
    at = use.to;
  }
  if (at < text.length) out.push({ text: text.slice(at), kind: 'plain' });
  return out;
}
