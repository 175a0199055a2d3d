import { useQuery } from '@tanstack/react-query';
import { api, data } from '@/api/client';
import { text } from '@/text/en';

/** The workspace's assistants by name, for choosing among them. */
export function useAssistantNames() {
  const query = useQuery({
    queryKey: ['assistants', 'names'],
    queryFn: ({ signal }) => data(api.GET('/api/v1/assistants', { params: { query: { limit: 100 } }, signal })),
    staleTime: 60_000,
  });
  const list = query.data?.data ?? [];
  return {
    list,
    loaded: query.isSuccess,
    of: (id: string) => list.find((a) => a.id === id)?.name ?? text.common.unknown,
  };
}
