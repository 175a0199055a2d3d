import { describe, expect, it } from 'vitest';
import type { Export } from '@/api/types';
import { type Counted, countedNames, noFilters } from '@/pages/conversations/filters';
import { type Choices, countOf, isFinished, percent, toFilter, toRequest, unknownColumn } from './request';

const choices: Choices = {
  format: 'csv',
  rows: 'messages',
  columns: ['id'],
  hide: ['iban', 'email'],
  timeZone: 'Europe/Berlin',
  systemPrompt: true,
};

const made = (more: Partial<Export>): Export => ({
  id: 'e',
  state: 'running',
  request: { format: 'csv', filter: {} },
  total: 200,
  done: 50,
  size: 10,
  file: null,
  created_by: null,
  created_at: '2026-03-08T10:30:00Z',
  finished_at: null,
  ...more,
});

describe('an export', () => {
  it('holds what the list shows', () => {
    const now = new Date(2026, 2, 8, 15, 30);
    expect(toFilter(noFilters, now)).toEqual({});
    expect(
      toFilter(
        {
          ...noFilters,
          q: ' ORD-12345 ',
          source: ['widget', 'api'],
          assistant: ['a1'],
          status: 'ended',
          range: '7d',
          contact: '+49 170',
          flags: { has_error: true, resolved: false, reviewed: true },
          tag: ['t1'],
          topicId: 'topic',
          unanswered: ['unknown'],
          variables: [
            { name: 'city', value: 'Köln' },
            { name: 'city', value: 'Bonn' },
            { name: 'tier', value: 'gold' },
          ],
          counted: {
            started_from: '2026-03-01T23:00:00Z',
            evaluated: 'false',
            hour_of_week: '0',
            first_reply_to: '10',
            topic: 'Refunds',
          },
          sort: '-credits',
        },
        now,
      ),
    ).toEqual({
      q: 'ORD-12345',
      source: ['widget', 'api'],
      assistant_id: ['a1'],
      status: 'ended',
      from: new Date(2026, 2, 2).toISOString(),
      contact: '+49 170',
      has_error: true,
      resolved: false,
      reviewed: true,
      tag: ['t1'],
      topic_id: 'topic',
      unanswered: ['unknown'],
      variables: { city: ['Köln', 'Bonn'], tier: ['gold'] },
      started_from: '2026-03-01T23:00:00Z',
      evaluated: false,
      hour_of_week: 0,
      first_reply_to: 10,
      topic: 'Refunds',
    });
  });

  it('leaves out none of the filters behind the numbers of analytics', () => {
    const values: Record<Counted, string> = {
      started_from: '2026-03-01',
      started_to: '2026-04-01',
      evaluated: 'true',
      version: '2',
      hour_of_week: '0',
      replied: 'false',
      first_reply_from: '0',
      first_reply_to: '10',
      cost_complete: 'false',
      topic: 'Refunds',
      passage: 'Prices',
      tool: 'handoff',
      model: 'm',
      rating: '1',
      call: 'reply',
      unpriced: 'p/m',
    };
    for (const name of countedNames) {
      const value = values[name];
      const sent = toFilter({ ...noFilters, counted: { [name]: value } }, new Date());
      expect(Object.entries(sent).map(([key, v]) => [key, String(v)])).toEqual([[name, value]]);
    }
    // What the list is refused for is not sent as no filter at all.
    expect(toFilter({ ...noFilters, counted: { version: 'x', evaluated: 'x' } }, new Date())).toEqual({
      version: 'x',
      evaluated: 'x',
    });
  });

  it('asks only for what its format knows', () => {
    expect(toRequest({ q: 'x' }, choices)).toEqual({
      format: 'csv',
      filter: { q: 'x' },
      time_zone: 'Europe/Berlin',
      hide: ['email', 'iban'],
      rows: 'messages',
      columns: ['id'],
    });
    expect(toRequest({}, { ...choices, columns: null, hide: [] })).not.toHaveProperty('columns');
    expect(toRequest({}, { ...choices, format: 'jsonl', hide: [] })).toEqual({
      format: 'jsonl',
      filter: {},
      time_zone: 'Europe/Berlin',
    });
    expect(toRequest({}, { ...choices, format: 'openai' }).system_prompt).toBe(true);
  });

  it('knows its columns', () => {
    const known = { conversations: [{ name: 'id', usual: true }], messages: [{ name: 'seq', usual: true }] };
    expect(unknownColumn(['id', 'variable.city'], known, 'conversations')).toBeUndefined();
    expect(unknownColumn(['id', 'variable.'], known, 'conversations')).toBe('variable.');
    expect(unknownColumn(['variable.city'], known, 'messages')).toBe('variable.city');
    expect(unknownColumn(['anything'], undefined, 'messages')).toBeUndefined();
  });

  it('says how far it is', () => {
    expect(percent(made({}))).toBe(25);
    expect(percent(made({ total: null }))).toBeNull();
    expect(percent(made({ total: 0, done: 0 }))).toBeNull();
    expect(percent(made({ done: 300 }))).toBe(99);
    expect(percent(made({ state: 'done' }))).toBe(100);
    expect(isFinished(made({ state: 'queued' }))).toBe(false);
    expect(isFinished(made({ state: 'canceled' }))).toBe(true);
    expect(countOf(made({ request: { format: 'csv', filter: { q: 'x', resolved: true } } }))).toBe(2);
  });
});
