import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { api, data } from '@/api/client';
import { readFilters, toQuery } from '../filters';

/** How many conversations a view shows, as far as that is counted; looked at again now and then. */
export function useViewCount(filter: string) {
  const today = new Date().toDateString();
  const query = useMemo(() => {
    const { sort: _, ...rest } = toQuery(readFilters(new URLSearchParams(filter)), new Date(today));
    return rest;
  }, [filter, today]);
  return useQuery({
    queryKey: ['conversations', 'count', query],
    queryFn: ({ signal }) => data(api.GET('/api/v1/conversations/count', { params: { query }, signal })),
    staleTime: 10_000,
    refetchInterval: 30_000,
  }).data;
}
