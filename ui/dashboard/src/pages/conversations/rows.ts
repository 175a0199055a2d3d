import type { InfiniteData } from '@tanstack/react-query';
import type { ConversationPage, ConversationRow } from '@/api/types';
import { type Filters, flags } from './filters';

export type Pages = InfiniteData<ConversationPage, string | undefined>;

/** The rows of all pages, each conversation once: where it moved while pages were read, its newest state. */
export function flatten(pages: Pick<Pages, 'pages'> | undefined): ConversationRow[] {
  const rows: ConversationRow[] = [];
  const place = new Map<string, number>();
  for (const row of pages?.pages.flatMap((p) => p.data) ?? []) {
    const at = place.get(row.id);
    if (at === undefined) {
      place.set(row.id, rows.length);
      rows.push(row);
    } else if ((rows[at] as ConversationRow).rev < row.rev) {
      rows[at] = row;
    }
  }
  return rows;
}

/**
 * Whether a row that changed belongs into the list: undefined where only the
 * server can tell (search, contact, variables, topics).
 */
export function matches(row: ConversationRow, f: Filters, period: { from?: string; to?: string }): boolean | undefined {
  if (f.source.length > 0 && !f.source.includes(row.source)) return false;
  if (f.assistant.length > 0 && !f.assistant.includes(row.assistant.id)) return false;
  if (f.status && row.status !== f.status) return false;
  const at = new Date(row.last_activity_at).getTime();
  if (period.from && at < new Date(period.from).getTime()) return false;
  if (period.to && at >= new Date(period.to).getTime()) return false;
  for (const flag of flags) {
    const wanted = f.flags[flag];
    if (wanted !== undefined && row[flag] !== wanted) return false;
  }
  if (f.tag.length > 0 && !row.tags.some((t) => f.tag.includes(t.id))) return false;
  const unknown =
    f.q.trim() ||
    f.contact.trim() ||
    f.topicId ||
    f.unanswered.length > 0 ||
    f.variables.length > 0 ||
    Object.keys(f.counted).length > 0;
  return unknown ? undefined : true;
}

/** Puts the new state of a row in its place. Gives the same pages when they do not hold it, or hold a newer one. */
export function replaceRow(pages: Pages, row: ConversationRow): Pages {
  let changed = false;
  const next = pages.pages.map((page) => {
    const at = page.data.findIndex((r) => r.id === row.id);
    const old = page.data[at];
    if (!old || old.rev >= row.rev) return page;
    changed = true;
    return { ...page, data: page.data.with(at, { ...row, snippets: old.snippets }) };
  });
  return changed ? { ...pages, pages: next } : pages;
}

/** Takes a row out of the list. */
export function removeRow(pages: Pages, id: string): Pages {
  if (!holds(pages, id)) return pages;
  return { ...pages, pages: pages.pages.map((p) => ({ ...p, data: p.data.filter((r) => r.id !== id) })) };
}

/** Puts a row at the top of the list, from wherever it was. */
export function raiseRow(pages: Pages, row: ConversationRow): Pages {
  const known = pages.pages.flatMap((p) => p.data).find((r) => r.id === row.id);
  if (known && known.rev >= row.rev) return pages;
  const [first, ...rest] = removeRow(pages, row.id).pages;
  if (!first) return pages;
  return { ...pages, pages: [{ ...first, data: [row, ...first.data] }, ...rest] };
}

/** Whether the pages hold the row. */
export const holds = (pages: Pages | undefined, id: string): boolean =>
  pages?.pages.some((p) => p.data.some((r) => r.id === id)) ?? false;

/** Marks a row as read or unread, wherever it is. */
export function markRow(pages: Pages, id: string, unread: boolean): Pages {
  if (!pages.pages.some((p) => p.data.some((r) => r.id === id && r.unread !== unread))) return pages;
  const data = (rows: ConversationRow[]) => rows.map((r) => (r.id === id ? { ...r, unread } : r));
  return { ...pages, pages: pages.pages.map((p) => ({ ...p, data: data(p.data) })) };
}
