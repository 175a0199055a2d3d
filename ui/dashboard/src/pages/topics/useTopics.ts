import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useSearchParams } from 'react-router';
import { api, data } from '@/api/client';
import type { AnalyticsQuery, TopicKind, Topics } from '@/api/types';
import { writePage } from '../analytics/period';
import { usePage } from '../analytics/usePage';

/** The filters, the period and the kind of questions in the page's URL, without a search for words. */
export function useTopicPage() {
  const [params, setParams] = useSearchParams();
  const page = usePage({ kept: 'kind', words: false });
  const kind: TopicKind = params.get('kind') === 'unanswered' ? 'unanswered' : 'asked';
  const choose = (next: TopicKind) => {
    const all = writePage(page.filters, page.period);
    if (next !== 'asked') all.set('kind', next);
    setParams(all, { replace: true });
  };
  return { ...page, kind, choose };
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
