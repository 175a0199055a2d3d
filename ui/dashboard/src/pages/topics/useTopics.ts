import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'react-router';
import { api, data } from '@/api/client';
import type { TopicKind, Topics } from '@/api/types';
import { type Filters, readFilters, toQuery } from '../conversations/filters';
import { pageParams, withDefault } from './links';

/** The filters and the kind of questions in the page's URL. */
export function useTopicFilters() {
  const [params, setParams] = useSearchParams();
  const search = params.toString();
  const filters = useMemo(() => {
    const all = new URLSearchParams(search);
    return { ...withDefault(readFilters(all), all), q: '' };
  }, [search]);
  const kind: TopicKind = params.get('kind') === 'unanswered' ? 'unanswered' : 'asked';
  const change = useCallback(
    (part: Partial<Filters>) => setParams(pageParams({ ...filters, ...part }, kind), { replace: true }),
    [filters, kind, setParams],
  );
  const choose = useCallback(
    (next: TopicKind) => setParams(pageParams(filters, next), { replace: true }),
    [filters, setParams],
  );
  const clear = useCallback(() => setParams(kind === 'asked' ? {} : { kind }, { replace: true }), [kind, setParams]);
  return { filters, kind, change, choose, clear };
}

/** What the API is asked; the list's order means nothing here. */
export function topicsQuery(filters: Filters) {
  const { sort: _, ...query } = toQuery(filters, new Date());
  return query;
}

const busy = (topics: Topics | undefined) => topics !== undefined && topics.run.phase !== 'idle';

/** The topics, read again while they are being made. */
export function useTopics(filters: Filters, kind: TopicKind) {
  const query = { ...topicsQuery(filters), kind };
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
