import { describe, expect, it } from 'vitest';
import { noFilters } from '@/pages/conversations/filters';
import { text } from '@/text/en';
import { every, ticks } from './charts/scale';
import { change, cost, mean, orNone, seconds } from './format';
import { listLink } from './link';
import { averageOf } from './RatingsCard';
import { readPageFilters, readPeriod, toAnalytics, writePage } from './period';

describe('ratings', () => {
  it('have a mean, weighed by how often each was given', () => {
    const label = (name: string, conversations: number) =>
      ({ name, conversations }) as Parameters<typeof averageOf>[0][0];
    expect(averageOf([label('5', 3), label('2', 1)])).toEqual({ count: 4, mean: 4.25 });
    expect(averageOf([])).toEqual({ count: 0, mean: 0 });
  });
});

describe('the period', () => {
  it('is in the URL, beside the filters of the list', () => {
    const url = new URLSearchParams('range=7d&source=widget&resolved=true&topic=Refunds');
    const filters = readPageFilters(url);
    expect(readPeriod(url)).toEqual({ range: '7d', from: '', to: '' });
    expect(filters).toEqual({
      ...noFilters,
      source: ['widget'],
      flags: { resolved: true },
      counted: { topic: 'Refunds' },
    });
    expect(writePage(filters, readPeriod(url)).toString()).toBe(
      new URLSearchParams('source=widget&resolved=true&topic=Refunds&range=7d').toString(),
    );
  });

  it('is thirty days unless the URL says otherwise, or what it says is nonsense', () => {
    for (const url of ['', 'range=century', 'range=custom', 'from=yesterday']) {
      expect(readPeriod(new URLSearchParams(url))).toEqual({ range: '30d', from: '', to: '' });
    }
    expect(writePage(noFilters, { range: '30d', from: '', to: '' }).toString()).toBe('');
  });

  it('ends with its last day', () => {
    const custom = { range: 'custom', from: '2026-02-27', to: '2026-02-28' } as const;
    expect(toAnalytics(noFilters, custom)).toEqual({ started_from: '2026-02-27', started_to: '2026-03-01' });
    expect(toAnalytics(noFilters, { range: 'all', from: '', to: '' })).toEqual({});
    expect(toAnalytics(noFilters, { range: 'today', from: '', to: '' })).toEqual({ days: 1 });
  });
});

describe('the link to a list', () => {
  it('lets a narrower filter take the place of a wider one', () => {
    expect(listLink('source=api&source=widget&days=7', 'source=test', 'resolved=true')).toBe(
      '/conversations?days=7&source=test&resolved=true',
    );
  });
});

describe('the link to a list that cannot ask for both filters', () => {
  it('is none where no conversation passes both', () => {
    expect(listLink('resolved=false&source=widget', 'resolved=true')).toBe('');
    expect(listLink('handed_over=true', 'source=api', 'handed_over=true')).toBe(
      '/conversations?source=api&handed_over=true',
    );
  });

  it('is none for a second one of what a conversation has several of', () => {
    for (const name of ['passage', 'tool', 'model', 'call']) {
      expect(listLink(`${name}=One`, `${name}=Two`)).toBe('');
      expect(listLink(`${name}=one`, `${name}=One`)).toBe(`/conversations?${name}=One`);
    }
  });

  it('has what two spans of waiting have in common', () => {
    expect(listLink('first_reply_from=2&first_reply_to=20', 'replied=true&first_reply_from=10&first_reply_to=30')).toBe(
      '/conversations?replied=true&first_reply_from=10&first_reply_to=20',
    );
    expect(listLink('first_reply_to=20', 'replied=true&first_reply_from=10')).toBe(
      '/conversations?first_reply_to=20&replied=true&first_reply_from=10',
    );
  });
});

describe('what a number says', () => {
  it('is never 0 for credits that are not known, and a lower bound for those that are in part', () => {
    expect(cost(0, 0)).toBe('0 cr');
    expect(cost(null, 0)).toBe(text.common.none);
    expect(cost(0, 3)).toBe(text.common.unknown);
    expect(cost(null, 3)).toBe(text.common.unknown);
    expect(cost(1.5, 3)).toBe('≥ 1.5 cr');
  });

  it('is a dash for nothing', () => {
    expect(orNone(null, mean)).toBe(text.common.none);
    expect(orNone(0, mean)).toBe('0');
    expect(mean(1234.5)).toBe('1,235');
    expect(seconds(0.84)).toBe('840 ms');
    expect(seconds(192)).toBe('3 min 12 s');
  });

  it('tells how it has changed, where that can be said', () => {
    expect(change(15, 10)).toEqual({ up: true, text: '50%' });
    expect(change(5, 10)).toEqual({ up: false, text: '50%' });
    expect(change(1001, 1000)).toEqual({ up: true, text: '' });
    expect(change(1, 0)).toBeNull();
    expect(change(1, null)).toBeNull();
  });
});

describe('an axis', () => {
  it('begins at nothing, ends above the greatest and has round steps', () => {
    for (const max of [0, 0.4, 1, 7, 95, 1234, 1e6]) {
      const steps = ticks(max);
      expect(steps[0]).toBe(0);
      expect(steps.at(-1)).toBeGreaterThanOrEqual(max);
      expect(steps.length).toBeLessThanOrEqual(7);
    }
  });

  it('has no part of what is counted', () => {
    expect(ticks(1, true)).toEqual([0, 1]);
    expect(ticks(3, true)).toEqual([0, 1, 2, 3]);
    for (const max of [1, 2, 5, 9, 10, 34, 97]) expect(ticks(max, true).every(Number.isInteger)).toBe(true);
  });

  it('names as many marks as there is room for', () => {
    expect(every(10, 1000, 64)).toBe(1);
    expect(Math.ceil(400 / every(400, 640, 64))).toBeLessThanOrEqual(10);
  });
});
