import type { PromptPreview } from '@/api/types';
import { findPlaceholders } from '../placeholders';

export interface Part {
  text: string;
  /** It stands in the place of a placeholder. */
  filled: boolean;
}

/** Cuts what would be sent at the values of placeholders, as far as the prompt is what it begins with. */
export function filledParts(prompt: string, preview: Pick<PromptPreview, 'system' | 'placeholders'>): Part[] {
  const values = new Map(preview.placeholders.filter((p) => p.known).map((p) => [p.name, p.value]));
  const parts: Part[] = [];
  let at = 0;
  for (const use of findPlaceholders(prompt)) {
    const value = values.get(use.name);
    if (value === undefined) continue;
    parts.push({ text: prompt.slice(at, use.from), filled: false }, { text: value, filled: true });
    at = use.to;
  }
  parts.push({ text: prompt.slice(at), filled: false });
  const start = parts.map((p) => p.text).join('');
  // What is in the fields may be newer than what was built.
  if (!preview.system.startsWith(start)) return [{ text: preview.system, filled: false }];
  return [...parts, { text: preview.system.slice(start.length), filled: false }].filter((p) => p.text !== '');
}
