import { describe, expect, it } from 'vitest';
import type { ConversationRow } from '@/api/types';
import { noFilters } from './filters';
import { type Pages, flatten, markRow, matches, raiseRow, removeRow, replaceRow } from './rows';

const row = (id: string, rev = 1, more: Partial<ConversationRow> = {}) =>
  ({ id, rev, source: 'test', status: 'active', last_activity_at: '2026-03-08T10:00:00Z', ...more }) as ConversationRow;

const pages = (...ids: string[][]): Pages => ({
  pages: ids.map((page) => ({ data: page.map((id) => row(id)), next_cursor: null, partial: false })),
  pageParams: ids.map(() => undefined),
});
const ids = (p: Pages) => flatten(p).map((r) => r.id);

describe('rows', () => {
  it('shows a conversation once', () => {
    expect(ids(pages(['a', 'b'], ['b', 'c']))).toEqual(['a', 'b', 'c']);
  });

  it('replaces a row in its place and keeps its snippets', () => {
    const before = pages(['a', 'b']);
    const after = replaceRow(before, row('b', 2, { status: 'ended' }));
    expect(flatten(after)[1]?.status).toBe('ended');
    expect(replaceRow(after, row('b', 1))).toBe(after);
    expect(replaceRow(before, row('x', 9))).toBe(before);
  });

  it('raises a row to the top, once', () => {
    const after = raiseRow(pages(['a', 'b'], ['c']), row('c', 2));
    expect(ids(after)).toEqual(['c', 'a', 'b']);
    expect(raiseRow(after, row('c', 2))).toBe(after);
    expect(ids(raiseRow(after, row('new')))).toEqual(['new', 'c', 'a', 'b']);
  });

  it('marks a row as read and as unread', () => {
    const before: Pages = {
      pages: [{ data: [row('a', 1, { unread: true })], next_cursor: null, partial: false }],
      pageParams: [''],
    };
    const after = markRow(before, 'a', false);
    expect(flatten(after)[0]?.unread).toBe(false);
    expect(markRow(after, 'a', false)).toBe(after);
    expect(markRow(after, 'x', true)).toBe(after);
  });

  it('removes a row', () => {
    expect(ids(removeRow(pages(['a', 'b']), 'a'))).toEqual(['b']);
  });

  it('knows what belongs into the list, and when only the server does', () => {
    expect(matches(row('a'), noFilters, {})).toBe(true);
    expect(matches(row('a'), { ...noFilters, status: 'ended' }, {})).toBe(false);
    expect(matches(row('a'), { ...noFilters, source: ['api'] }, {})).toBe(false);
    expect(matches(row('a', 1, { has_error: false }), { ...noFilters, flags: { has_error: true } }, {})).toBe(false);
    expect(matches(row('a'), noFilters, { from: '2026-03-09T00:00:00Z' })).toBe(false);
    expect(matches(row('a'), noFilters, { to: '2026-03-08T10:00:00Z' })).toBe(false);
    expect(matches(row('a'), { ...noFilters, q: 'refund' }, {})).toBeUndefined();
    expect(matches(row('a'), { ...noFilters, topicId: 't' }, {})).toBeUndefined();
    const tagged = row('a', 1, { tags: [{ id: 't1', name: 'Refund', color: '#112233' }] });
    expect(matches(tagged, { ...noFilters, tag: ['t1', 't2'] }, {})).toBe(true);
    expect(matches(tagged, { ...noFilters, tag: ['t2'] }, {})).toBe(false);
  });
});
