import { describe, expect, it } from 'vitest';
import { type Filters, countFilters, noFilters, readFilters, toQuery, writeFilters } from './filters';

const everything: Filters = {
  q: 'ORD-12345 "refund"',
  source: ['widget', 'api'],
  assistant: ['a1', 'a2'],
  status: 'ended',
  range: 'custom',
  from: '2026-03-01',
  to: '2026-03-07',
  contact: '+49 170',
  flags: { has_error: true, resolved: false },
  tag: ['t1', 't2'],
  topicId: '0197c0de-0000-7000-8000-000000000001',
  unanswered: ['unknown', 'repeated'],
  variables: [
    { name: 'city', value: 'Köln' },
    { name: 'city', value: 'Bonn' },
  ],
  counted: {
    started_from: '2026-03-01T00:00:00Z',
    started_to: '2026-03-02T00:00:00Z',
    hour_of_week: '34',
    topic: 'Refunds',
  },
  sort: '-credits',
};

describe('filters', () => {
  it('survive the URL', () => {
    expect(readFilters(new URLSearchParams(writeFilters(everything).toString()))).toEqual(everything);
    expect(writeFilters(noFilters).toString()).toBe('');
    expect(readFilters(new URLSearchParams())).toEqual(noFilters);
  });

  it('leave out what the URL should not hold', () => {
    const odd = new URLSearchParams('source=fax&status=gone&range=1y&from=yesterday&sort=name&resolved=maybe');
    expect(readFilters(odd)).toEqual(noFilters);
  });

  it('ask for days of the viewer’s zone', () => {
    const query = toQuery(everything, new Date());
    expect(query.from).toBe(new Date(2026, 2, 1).toISOString());
    expect(query.to).toBe(new Date(2026, 2, 8).toISOString());
    expect(query.has_error).toBe('true');
    expect(query['variable[city]']).toEqual(['Köln', 'Bonn']);
  });

  it('ask for instants as they are', () => {
    const bounds = new URLSearchParams('from=2026-03-01T10:00:00.5Z&to=2026-03-02T00:00:00Z');
    const filters = readFilters(bounds);
    expect(writeFilters(filters).toString()).toBe(bounds.toString());
    expect(toQuery(filters, new Date())).toMatchObject({ from: '2026-03-01T10:00:00.5Z', to: '2026-03-02T00:00:00Z' });
  });

  it('count today and the days before it', () => {
    const now = new Date(2026, 2, 8, 15, 30);
    expect(toQuery({ ...noFilters, range: 'today' }, now).from).toBe(new Date(2026, 2, 8).toISOString());
    expect(toQuery({ ...noFilters, range: '7d' }, now).from).toBe(new Date(2026, 2, 2).toISOString());
    expect(toQuery({ ...noFilters, range: '30d' }, now).from).toBe(new Date(2026, 1, 7).toISOString());
  });

  it('are counted, the sort apart', () => {
    expect(countFilters(noFilters)).toBe(0);
    expect(countFilters({ ...noFilters, sort: '-credits' })).toBe(0);
    expect(countFilters(everything)).toBe(16);
  });
});
