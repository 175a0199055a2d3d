import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { api, data } from '@/api/client';
import type { AnalyticsQuery } from '@/api/types';

// What is still being counted is asked for again until it is done.
const again = <T extends { period: { progress: number } }>(query: { state: { data?: T } }) =>
  (query.state.data?.period.progress ?? 1) < 1 ? 700 : false;

const options = { placeholderData: keepPreviousData, staleTime: 30_000 } as const;

export function useSummary(query: AnalyticsQuery) {
  return useQuery({
    queryKey: ['analytics', 'summary', query],
    queryFn: ({ signal }) =>
      data(api.GET('/api/v1/analytics', { params: { query: { ...query, previous: true } }, signal })),
    refetchInterval: again,
    ...options,
  });
}

/** Whether there is a conversation at all. */
export function useAny(enabled: boolean) {
  return useQuery({
    queryKey: ['analytics', 'any'],
    queryFn: ({ signal }) => data(api.GET('/api/v1/conversations', { params: { query: { limit: 1 } }, signal })),
    select: (list) => list.data.length > 0,
    enabled,
  });
}

export type Interval = 'hour' | 'day' | 'week' | 'month';

export function useSeries(query: AnalyticsQuery, interval: Interval | undefined) {
  return useQuery({
    queryKey: ['analytics', 'series', query, interval],
    queryFn: ({ signal }) =>
      data(api.GET('/api/v1/analytics/series', { params: { query: { ...query, interval } }, signal })),
    refetchInterval: again,
    ...options,
  });
}

export type Dimension = 'source' | 'assistant' | 'version' | 'outcome' | 'handed_over' | 'status';

export function useGroups(query: AnalyticsQuery, by: Dimension, enabled = true) {
  return useQuery({
    queryKey: ['analytics', 'groups', query, by],
    queryFn: ({ signal }) =>
      data(api.GET('/api/v1/analytics/groups', { params: { query: { ...query, by: [by] } }, signal })),
    refetchInterval: again,
    enabled,
    ...options,
  });
}

export type LabelKind = 'topic' | 'passage' | 'tool' | 'model' | 'rating' | 'call';

export function useLabels(query: AnalyticsQuery, kind: LabelKind, enabled = true) {
  return useQuery({
    queryKey: ['analytics', 'labels', query, kind],
    queryFn: ({ signal }) =>
      data(api.GET('/api/v1/analytics/labels', { params: { query: { ...query, kind, limit: 200 } }, signal })),
    refetchInterval: again,
    enabled,
    ...options,
  });
}
