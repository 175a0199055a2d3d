import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, data } from '@/api/client';

/** What an operator has to look at; read again now and then. */
export const useAlerts = (enabled = true) =>
  useQuery({
    queryKey: ['alerts'],
    queryFn: ({ signal }) => data(api.GET('/api/v1/alerts', { signal })),
    enabled,
    refetchInterval: 30_000,
  });

/** Takes an alert away that somebody has looked at. */
export function useDismiss() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => data(api.DELETE('/api/v1/alerts/{id}', { params: { path: { id } } })),
    onSettled: () => client.invalidateQueries({ queryKey: ['alerts'] }),
  });
}
