import type { TopicPeriod } from '@/api/types';
import { percent } from '@/parts/number';
import { type Filters, writeFilters } from '../conversations/filters';

/** The list behind a number: the page's filters, and what else the number counts. */
export function listLink(filters: Filters, more: Partial<Filters>): string {
  return `/conversations?${writeFilters({
    ...filters,
    ...more,
    flags: { ...filters.flags, ...more.flags },
    counted: { ...filters.counted, ...more.counted },
  })}`;
}

/** The filters of the list that shows what is counted: the page's, and its period. */
export function listFilters(filters: Filters, period: TopicPeriod): Filters {
  return {
    ...filters,
    counted: { ...filters.counted, started_from: period.from ?? undefined, started_to: period.to ?? undefined },
    sort: '-started_at', // which the list can begin in the middle
  };
}

/** The bounds of a part of a period, as filters of the list. */
export function partFilters(period: TopicPeriod, part: number): Partial<Filters> {
  const last = period.parts.length - 2;
  return {
    counted: {
      started_from: part === 0 && period.from === null ? undefined : period.parts[part],
      started_to: part === last && period.to === null ? undefined : period.parts[part + 1],
    },
  };
}

/** A part as a percentage in words; none of nothing. */
export function partOf(part: number, of: number): string {
  return of === 0 ? '–' : percent(part / of);
}
