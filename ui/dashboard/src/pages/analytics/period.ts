import type { AnalyticsQuery } from '@/api/types';
import { type Filters, readFilters, toQuery, writeFilters } from '@/pages/conversations/filters';

export const ranges = ['today', '7d', '30d', '90d', '365d', 'all', 'custom'] as const;
export type Range = (typeof ranges)[number];

/** What is counted: days of the workspace's time zone. */
export interface Period {
  range: Range;
  from: string; // YYYY-MM-DD, of a custom range
  to: string; // the last day, inclusive
}

const lengths: Partial<Record<Range, number>> = { today: 1, '7d': 7, '30d': 30, '90d': 90, '365d': 365 };
const usual: Range = '30d';

const day = (value: string | null): string => (value && /^\d{4}-\d{2}-\d{2}$/.test(value) ? value : '');

/** Reads the period of a URL. */
export function readPeriod(params: URLSearchParams): Period {
  const from = day(params.get('from'));
  const to = day(params.get('to'));
  if (from || to) return { range: 'custom', from, to };
  const range = ranges.find((r) => r === params.get('range') && r !== 'custom');
  return { range: range ?? usual, from: '', to: '' };
}

/** The filters of a URL, without the period, which is the page's own. */
export function readPageFilters(params: URLSearchParams): Filters {
  const f = readFilters(params);
  const { started_from: _from, started_to: _to, ...counted } = f.counted;
  return { ...f, range: '', from: '', to: '', counted, sort: '-last_activity_at' };
}

/** The URL of filters and a period. */
export function writePage(f: Filters, p: Period): URLSearchParams {
  const params = writeFilters({ ...f, range: '', from: '', to: '' });
  if (p.range === 'custom') {
    if (p.from) params.set('from', p.from);
    if (p.to) params.set('to', p.to);
  } else if (p.range !== usual) {
    params.set('range', p.range);
  }
  return params;
}

// The date a day later.
function dayAfter(date: string): string {
  const [y = 0, m = 1, d = 1] = date.split('-').map(Number);
  return new Date(Date.UTC(y, m - 1, d + 1)).toISOString().slice(0, 10);
}

/** What the API is asked. */
export function toAnalytics(f: Filters, p: Period): AnalyticsQuery {
  const { sort: _, ...query } = toQuery(f, new Date());
  const days = lengths[p.range];
  return {
    ...(query as AnalyticsQuery),
    ...(days ? { days } : {}),
    ...(p.range === 'custom' && p.from ? { started_from: p.from } : {}),
    ...(p.range === 'custom' && p.to ? { started_to: dayAfter(p.to) } : {}),
  };
}
