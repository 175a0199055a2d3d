import type { Document } from '@/api/types';

export interface DocumentChange {
  kind: 'added' | 'removed' | 'changed';
  title: string;
  before?: Document;
  after?: Document;
}

/** What differs between the documents of two versions. A changed document is another one of the same title. */
export function documentChanges(before: readonly Document[], after: readonly Document[]): DocumentChange[] {
  const kept = new Set(before.map((d) => d.id).filter((id) => after.some((d) => d.id === id)));
  const come = after.filter((d) => !kept.has(d.id));
  const changes: DocumentChange[] = [];
  for (const old of before.filter((d) => !kept.has(d.id))) {
    const at = come.findIndex((d) => d.title === old.title);
    const now = at < 0 ? undefined : come.splice(at, 1)[0];
    changes.push({ kind: now ? 'changed' : 'removed', title: old.title, before: old, after: now });
  }
  return [...changes, ...come.map((d): DocumentChange => ({ kind: 'added', title: d.title, after: d }))];
}
