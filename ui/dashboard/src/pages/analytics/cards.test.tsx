import { fireEvent, screen, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { AnalyticsNumbers, AnalyticsSummary } from '@/api/types';
import { showPage } from '@/test/page';
import { type Asked, Refusal, serve } from '@/test/server';
import { BreakdownCard } from './BreakdownCard';
import { CompareCard } from './CompareCard';
import { HoursCard } from './HoursCard';
import { SeriesCard } from './SeriesCard';
import { Tiles } from './Tiles';
import { WorksCard } from './WorksCard';

const spread = { mean: 2, p50: 2, p95: 3 };
const numbers: AnalyticsNumbers = {
  conversations: 20,
  contacts: 18,
  messages: 90,
  user_messages: 40,
  assistant_messages: 50,
  messages_per_conversation: 4.5,
  evaluated: 10,
  unevaluated: 10,
  resolved: 0,
  unresolved: 10,
  resolution_rate: 0,
  handed_over: 5,
  handover_rate: 0.25,
  replied: 20,
  first_reply: spread,
  reply: spread,
  duration: spread,
  input_tokens: 100,
  output_tokens: 20,
  tokens_per_conversation: 6,
  tokens_per_resolved: null,
  credits: '40',
  credits_per_conversation: '2',
  credits_per_resolved: null,
  unpriced: 0,
};
const unknown: AnalyticsNumbers = { ...numbers, credits: '0', credits_per_conversation: null, unpriced: 20 };
const lists = {
  evaluated: 'evaluated=true',
  resolved: 'resolved=true',
  handed_over: 'handed_over=true',
  replied: 'replied=true',
  unpriced: 'cost_complete=false',
};
const period = {
  started_from: '2026-11-01T00:00:00Z',
  started_to: '2026-11-02T00:00:00Z',
  time_zone: 'UTC',
  list: 'resolved=false&started_from=2026-11-01T00%3A00%3A00Z',
  progress: 1,
  capped: false,
};
const summary: AnalyticsSummary = {
  period,
  now: numbers,
  before: { ...numbers, credits: '20' },
  period_before: period,
  lists,
  hours: Array.from({ length: 168 }, (_, i) => ({ conversations: i === 34 ? 20 : 0, list: `hour_of_week=${i}` })),
  first_replies: [],
};
const show = (page: React.ReactNode) => showPage(page, { path: '/', at: '/' });
const tile = (name: string) => screen.getByText(name).closest('div') as HTMLElement;

describe('the tiles', () => {
  it('open the conversations of a number, unless the page’s own filter leaves none', () => {
    show(<Tiles summary={summary} />);
    expect(within(tile('Handover rate')).getByRole('link', { name: '25%' }).getAttribute('href')).toContain(
      'handed_over=true',
    );
    expect(within(tile('Resolution rate')).queryByRole('link', { name: '0%' })).toBeNull();
    expect(tile('Resolution rate').textContent).toContain('0%');
    expect(tile('Credits').textContent).toContain('40 cr');
    expect(tile('Credits').textContent).toContain('100%');
  });

  it('speak of one message as of one', () => {
    show(<Tiles summary={{ ...summary, now: { ...numbers, messages: 20, messages_per_conversation: 1 } }} />);
    expect(tile('Messages').textContent).toContain('1 message per conversation');
  });

  it('never show 0 for a cost that is not known, and do not compare it', () => {
    show(<Tiles summary={{ ...summary, now: unknown }} />);
    for (const name of ['Credits', 'Credits per conversation', 'Credits per resolved one']) {
      expect(tile(name).textContent).toContain('unknown');
      expect(tile(name).textContent).not.toMatch(/0 cr|100%/);
    }
  });
});

describe('the comparison', () => {
  it('says nothing of a cost that is not known', async () => {
    const group = (id: string, n: AnalyticsNumbers) => ({
      assistant: { id, name: id },
      list: `assistant_id=${id}`,
      numbers: n,
      bounds: {},
      against: id === 'Mira' ? {} : { resolution_rate: 'none' },
    });
    serve({
      'GET /api/v1/analytics/groups': {
        period,
        lists,
        groups: [group('Mira', numbers), group('Ada', unknown)],
        others: 0,
        conversations: 40,
        credits: '40',
      },
    });
    show(<CompareCard query={{}} />);
    const cells = within((await screen.findByText('Ada')).closest('tr') as HTMLElement).getAllByRole('cell');
    expect(cells.at(-1)?.textContent).toBe('unknown');
  });
});

describe('the breakdown', () => {
  it('has shares of all conversations, and counts what it leaves out', async () => {
    const source = (i: number) => ({ source: `s${i}`, list: `source=s${i}`, numbers, bounds: {}, against: {} });
    serve({
      'GET /api/v1/analytics/groups': {
        period,
        lists,
        groups: Array.from({ length: 14 }, (_, i) => source(i)),
        others: 5,
        conversations: 400,
        credits: '800',
      },
    });
    show(<BreakdownCard query={{}} />);
    expect(await screen.findByText('7 smaller ones are not shown.')).toBeTruthy();
    fireEvent.click(screen.getByRole('radio', { name: 'Table' }));
    expect(screen.getByText('5 smaller ones are not shown.')).toBeTruthy();
    expect(screen.getAllByRole('cell', { name: '5%' })).toHaveLength(14);
  });
});

describe('the chart over time', () => {
  it('tells two hours apart that have the same clock', async () => {
    const hours = ['2026-10-24T23:00:00Z', '2026-10-25T00:00:00Z', '2026-10-25T01:00:00Z', '2026-10-25T02:00:00Z'];
    serve({
      'GET /api/v1/analytics/series': {
        period: { ...period, time_zone: 'Europe/Berlin' },
        lists,
        interval: 'hour',
        points: hours.map((start) => ({ start, end: start, list: `started_from=${start}`, numbers })),
      },
    });
    show(<SeriesCard query={{}} />);
    fireEvent.click(await screen.findByRole('radio', { name: 'Table' }));
    const said = screen
      .getAllByRole('row')
      .slice(1)
      .map((row) => within(row).getAllByRole('cell')[0]?.textContent);
    expect(said.map((name) => name?.replace(/^.*, /, ''))).toEqual([
      '01:00',
      '02:00 (GMT+2)',
      '02:00 (GMT+1)',
      '03:00',
    ]);
  });

  it('can be divided otherwise when what was chosen is too much', async () => {
    const tooMany = new Refusal(400, { code: 'invalid', detail: 'A chart by hour of that time has too many points.' });
    const point = { start: period.started_from, end: period.started_to, list: '', numbers };
    serve({
      'GET /api/v1/analytics/series': ({ query }: Asked) =>
        query.get('interval') === 'hour' ? tooMany : { period, lists, interval: 'day', points: [point] },
    });
    show(<SeriesCard query={{}} />);
    const choose = async (interval: string) => {
      fireEvent.click(await screen.findByLabelText('By', { selector: 'input' }));
      fireEvent.click(await screen.findByRole('option', { name: interval, hidden: true }));
    };
    await choose('Hour');
    expect(await screen.findByText(/too many points/)).toBeTruthy();
    await choose('Week');
    expect(await screen.findByRole('radio', { name: 'Chart' })).toBeTruthy();
    expect(screen.queryByText(/too many points/)).toBeNull();
  });
});

describe('what works', () => {
  it('is told of versions too, each compared with the others', async () => {
    const version = (n: number, resolution: string) => ({
      assistant: { id: 'a1', name: 'Mira' },
      version: n,
      list: `assistant_id=a1&version=${n}`,
      numbers: { ...numbers, resolved: 8, resolution_rate: 0.8 },
      bounds: { resolution_rate: { low: 0.4, high: 0.9 } },
      against: {},
      resolution,
    });
    serve({
      'GET /api/v1/analytics/labels': { period, lists, labels: [], others: 0 },
      'GET /api/v1/analytics/groups': {
        period: { ...period, list: 'source=api' },
        lists,
        groups: [version(3, 'none'), version(2, 'lower')],
        others: 0,
      },
    });
    show(<WorksCard query={{}} />);
    fireEvent.click(await screen.findByRole('radio', { name: 'Version' }));
    const row = (await screen.findByText('Mira, version 2')).closest('tr') as HTMLElement;
    expect(row.textContent).toContain('resolved less often');
    expect(within(row).getByRole('link', { name: '8 of 10 evaluated' }).getAttribute('href')).toBe(
      '/conversations?source=api&assistant_id=a1&version=2&evaluated=true',
    );
    expect((screen.getByText('Mira, version 3').closest('tr') as HTMLElement).textContent).toContain(
      'no clear difference',
    );
  });
});

describe('the peak times', () => {
  it('open their conversations from the table too', () => {
    show(<HoursCard summary={{ ...summary, period: { ...period, list: 'source=api' } }} />);
    fireEvent.click(screen.getByRole('radio', { name: 'Table' }));
    const link = within(screen.getByRole('table')).getByRole('link', { name: '20' });
    expect(link.getAttribute('href')).toBe('/conversations?source=api&hour_of_week=34');
    expect(within(screen.getByRole('table')).getAllByRole('link')).toHaveLength(1);
  });
});
