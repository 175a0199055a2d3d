import type { Import } from '@/api/types';
import { number } from '@/parts/number';
import { text } from '@/text/en';

const t = text.imports;

/** What an import came to, in a few words; "" before it has begun. */
export function summary(
  m: Pick<Import, 'state' | 'done' | 'total' | 'taken' | 'messages' | 'present' | 'refused'>,
): string {
  if (m.state === 'queued') return '';
  const parts: string[] = [];
  if (m.state === 'canceled' && m.total !== null) parts.push(t.canceledAt(number(m.done), number(m.total)));
  if (m.taken > 0)
    parts.push(`${t.taken(number(m.taken), m.taken === 1)} ${t.messages(number(m.messages), m.messages === 1)}`);
  if (m.present > 0) parts.push(t.present(number(m.present)));
  if (m.refused > 0) parts.push(t.refused(number(m.refused)));
  return parts.join(' · ') || t.nothing;
}
