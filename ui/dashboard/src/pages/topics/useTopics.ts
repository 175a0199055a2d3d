import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'react-router';
import { api, data } from '@/api/client';
import type { AnalyticsQuery, TopicKind, Topics } from '@/api/types';
import { type Period, readPageFilters, readPeriod, toAnalytics, writePage } from '../analytics/period';
import { type Filters, noFilters } from '../conversations/filters';

/** The filters, the period and the kind of questions in the page's URL, without a search for words. */
export function useTopicPage() {
  const [params, setParams] = useSearchParams();
  const search = params.toString();
  const filters = useMemo(() => ({ ...readPageFilters(new URLSearchParams(search)), q: '' }), [search]);
  const period = useMemo(() => readPeriod(new URLSearchParams(search)), [search]);
  const query = useMemo(() => toAnalytics(filters, period), [filters, period]);
  const kind: TopicKind = params.get('kind') === 'unanswered' ? 'unanswered' : 'asked';
  const go = useCallback(
    (f: Filters, p: Period, k: TopicKind) => {
      const next = writePage(f, p);
      if (k !== 'asked') next.set('kind', k);
      setParams(next, { replace: true });
    },
    [setParams],
  );
  return {
    filters,
    period,
    query,
    kind,
    search: writePage(filters, period).toString(),
    change: (part: Partial<Filters>) => go({ ...filters, ...part }, period, kind),
    setPeriod: (next: Period) => go(filters, next, kind),
    choose: (next: TopicKind) => go(filters, period, next),
    clear: () => go(noFilters, period, kind),
  };
}

const busy = (topics: Topics | undefined) => topics !== undefined && topics.run.phase !== 'idle';

/** The topics, read again while they are being made. */
export function useTopics(page: AnalyticsQuery, kind: TopicKind) {
  const query = { ...page, kind };
  return useQuery({
    queryKey: ['topics', 'all', query],
    queryFn: ({ signal }) => data(api.GET('/api/v1/topics', { params: { query }, signal })),
    placeholderData: keepPreviousData,
    refetchInterval: (q) => (busy(q.state.data) ? 1500 : false),
  });
}

/** Has the topics made anew. */
export function useRefresh() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => data(api.POST('/api/v1/topics/refresh')),
    onSettled: () => void client.invalidateQueries({ queryKey: ['topics'] }),
  });
}
