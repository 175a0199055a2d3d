import type { TopicPeriod } from '@/api/types';
import { percent } from '@/parts/number';
import { type Filters, noFilters, writeFilters } from '../conversations/filters';

/** The list behind a number: the page's filters, and what else the number counts. */
export function listLink(filters: Filters, more: Partial<Filters>): string {
  return `/conversations?${writeFilters({ ...filters, ...more, flags: { ...filters.flags, ...more.flags } })}`;
}

/** The bounds of a part of a period, as filters of the list. */
export function partFilters(period: TopicPeriod, part: number): Partial<Filters> {
  const last = period.parts.length - 2;
  return {
    range: 'custom',
    from: part === 0 && period.from === null ? '' : (period.parts[part] ?? ''),
    to: part === last && period.to === null ? '' : (period.parts[part + 1] ?? ''),
  };
}

/** The page's filters from its URL. Unless it says otherwise, of the last 30 days. */
export function withDefault(filters: Filters, params: URLSearchParams): Filters {
  return params.has('range') || filters.range !== '' ? filters : { ...filters, range: '30d' };
}

/** The URL of the page's filters; all time has to be said. */
export function pageParams(filters: Filters, kind: string): URLSearchParams {
  const params = writeFilters({
    ...filters,
    sort: noFilters.sort,
    range: filters.range === '30d' ? '' : filters.range,
  });
  if (filters.range === '') params.set('range', 'all');
  if (kind !== 'asked') params.set('kind', kind);
  return params;
}

/** A part as a percentage in words; none of nothing. */
export function partOf(part: number, of: number): string {
  return of === 0 ? '–' : percent(part / of);
}
