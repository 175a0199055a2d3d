import { useQuery } from '@tanstack/react-query';
import { api, data } from '@/api/client';
import { viewerZone } from '@/parts/time';

export const tilesKey = ['conversations', 'tiles'] as const;

/** The numbers over all conversations; WaitingWatch keeps them up to date. */
export const useTiles = () =>
  useQuery({
    queryKey: tilesKey,
    queryFn: ({ signal }) =>
      data(api.GET('/api/v1/conversations/tiles', { params: { query: { tz: viewerZone() } }, signal })),
  });
