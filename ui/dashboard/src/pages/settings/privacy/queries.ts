import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, data } from '@/api/client';
import type { Retention } from '@/api/types';
import { notifyDone } from '@/parts/notify';
import { text } from '@/text/en';

const t = text.privacy;

// How often a person who looks sees an erasure move.
const lookEvery = 1000;

/** How long conversations are kept, by source. */
export const useRetention = () =>
  useQuery({
    queryKey: ['retention'],
    queryFn: ({ signal }) => data(api.GET('/api/v1/retention', { signal })),
  });

export function useSetRetention() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (days: Retention['days']) => data(api.PUT('/api/v1/retention', { body: { days } })),
    onSuccess: (saved) => {
      client.setQueryData(['retention'], saved);
      notifyDone(t.retention.saved);
    },
  });
}

/** Who was erased, the newest first; looked at again while one is under way. */
export const useErasures = () =>
  useInfiniteQuery({
    queryKey: ['erasures'],
    queryFn: ({ pageParam, signal }) =>
      data(api.GET('/api/v1/erasures', { params: { query: { cursor: pageParam, limit: 25 } }, signal })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    staleTime: 0,
    refetchInterval: (q) =>
      q.state.data?.pages.some((p) => p.data.some((e) => e.state !== 'done')) ? lookEvery : false,
  });
