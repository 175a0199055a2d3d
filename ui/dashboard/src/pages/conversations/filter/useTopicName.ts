import { useQuery } from '@tanstack/react-query';
import { api, data } from '@/api/client';
import { text } from '@/text/en';

/** What a topic is called; its id while that is not known. */
export function useTopicName(id: string): string {
  const topic = useQuery({
    queryKey: ['topics', 'name', id],
    queryFn: ({ signal }) => data(api.GET('/api/v1/topics/{id}', { params: { path: { id } }, signal })),
    enabled: id !== '',
    staleTime: 60_000,
  });
  if (!topic.data) return id;
  return topic.data.other ? text.topics.filter.otherTopic : topic.data.label;
}
