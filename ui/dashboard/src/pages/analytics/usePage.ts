import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'react-router';
import { type Filters, noFilters } from '@/pages/conversations/filters';
import { type Period, readPageFilters, readPeriod, toAnalytics, writePage } from './period';

/** The filters and the period of the URL, what the API is asked for them, and how to change them. */
export function usePage() {
  const [params, setParams] = useSearchParams();
  const search = params.toString();
  const filters = useMemo(() => readPageFilters(new URLSearchParams(search)), [search]);
  const period = useMemo(() => readPeriod(new URLSearchParams(search)), [search]);
  const query = useMemo(() => toAnalytics(filters, period), [filters, period]);
  const go = useCallback(
    (f: Filters, p: Period) => setParams(writePage(f, p), { replace: true, flushSync: true }),
    [setParams],
  );
  const change = useCallback((part: Partial<Filters>) => go({ ...filters, ...part }, period), [go, filters, period]);
  const setPeriod = useCallback((next: Period) => go(filters, next), [go, filters]);
  const clear = useCallback(() => go(noFilters, period), [go, period]);
  return { filters, period, query, search: writePage(filters, period).toString(), change, setPeriod, clear };
}
