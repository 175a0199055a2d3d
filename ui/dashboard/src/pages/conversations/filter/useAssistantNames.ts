import { useQuery } from '@tanstack/react-query';
import { api, data } from '@/api/client';
import { allPages, pageLimit } from '@/api/pages';
import { assistantNamesKey } from '@/pages/assistants/queries';
import { text } from '@/text/en';

const none: { id: string; name: string }[] = [];

/** All of the workspace's assistants by name, for choosing among them. */
export function useAssistantNames() {
  const query = useQuery({
    queryKey: assistantNamesKey,
    queryFn: ({ signal }) =>
      allPages((cursor) =>
        data(api.GET('/api/v1/assistants', { params: { query: { cursor, limit: pageLimit } }, signal })),
      ),
    staleTime: 60_000,
  });
  const list = query.data ?? none;
  return {
    list,
    choices: list.map(({ id, name }) => ({ value: id, label: name })),
    loaded: query.isSuccess,
    of: (id: string) => list.find((a) => a.id === id)?.name ?? text.common.unknown,
  };
}
