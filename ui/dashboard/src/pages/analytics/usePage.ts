import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'react-router';
import { type Filters, noFilters } from '@/pages/conversations/filters';
import { type Period, readPageFilters, readPeriod, toAnalytics, writePage } from './period';

interface Own {
  /** A parameter of the URL that is the page's own, and stays when filters change. */
  kept?: string;
  /** Whether the page can search for words. */
  words?: boolean;
}

/** The filters and the period of the URL, what the API is asked for them, and how to change them. */
export function usePage({ kept, words = true }: Own = {}) {
  const [params, setParams] = useSearchParams();
  const search = params.toString();
  const filters = useMemo(() => {
    const all = readPageFilters(new URLSearchParams(search));
    return words ? all : { ...all, q: '' };
  }, [search, words]);
  const period = useMemo(() => readPeriod(new URLSearchParams(search)), [search]);
  const query = useMemo(() => toAnalytics(filters, period), [filters, period]);
  const own = kept ? params.get(kept) : null;
  const go = useCallback(
    (f: Filters, p: Period) => {
      const next = writePage(f, p);
      if (kept && own !== null) next.set(kept, own);
      setParams(next, { replace: true, flushSync: true });
    },
    [setParams, kept, own],
  );
  const change = useCallback((part: Partial<Filters>) => go({ ...filters, ...part }, period), [go, filters, period]);
  const setPeriod = useCallback((next: Period) => go(filters, next), [go, filters]);
  const clear = useCallback(() => go(noFilters, period), [go, period]);
  return { filters, period, query, search: writePage(filters, period).toString(), change, setPeriod, clear };
}
