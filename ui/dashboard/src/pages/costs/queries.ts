import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, data } from '@/api/client';
import type { AnalyticsQuery, ConversationQuery, ConversationRow } from '@/api/types';
import { notifyDone } from '@/parts/notify';
import { text } from '@/text/en';

/** The month that it is: budgets, and what is spent of them. */
export const useBudgets = () =>
  useQuery({
    queryKey: ['budgets'],
    queryFn: ({ signal }) => data(api.GET('/api/v1/budgets', { signal })),
    refetchInterval: 15_000,
  });

/** Sets the budget of an assistant, or of the workspace for ''; null removes it. */
export function useSaveBudget(onSaved: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async ({ assistant, credits }: { assistant: string; credits: string | null }) => {
      const path = { id: assistant };
      if (credits === null) {
        await data(
          assistant ? api.DELETE('/api/v1/assistants/{id}/budget', { params: { path } }) : api.DELETE('/api/v1/budget'),
        );
      } else {
        await data(
          assistant
            ? api.PUT('/api/v1/assistants/{id}/budget', { params: { path }, body: { credits } })
            : api.PUT('/api/v1/budget', { body: { credits } }),
        );
      }
    },
    onSuccess: (_, { credits }) => {
      notifyDone(credits === null ? text.costs.form.removed : text.costs.form.saved);
      onSaved();
    },
    onSettled: () => {
      void client.invalidateQueries({ queryKey: ['budgets'] });
      void client.invalidateQueries({ queryKey: ['alerts'] });
    },
    meta: { quiet: true },
  });
}

/** The models that had no price, and what they hold back. */
export const useUnpriced = (query: AnalyticsQuery) =>
  useQuery({
    queryKey: ['analytics', 'unpriced', query],
    queryFn: ({ signal }) => data(api.GET('/api/v1/analytics/unpriced', { params: { query }, signal })),
    refetchInterval: (q) => ((q.state.data?.period.progress ?? 1) < 1 ? 700 : false),
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });

const most = 10;
// A page of the list may end early; so many are asked for before this gives up.
const pages = 10;

/** The conversations of a list that cost most, and whether there may be dearer ones. */
export const useDearest = (list: string) =>
  useQuery({
    queryKey: ['costs', 'dearest', list],
    queryFn: async ({ signal }) => {
      const rows: ConversationRow[] = [];
      let cursor: string | undefined;
      for (let i = 0; i < pages; i++) {
        const page = await data(
          api.GET('/api/v1/conversations', { params: { query: { ...byCost(list), cursor } }, signal }),
        );
        rows.push(...page.data);
        cursor = page.next_cursor ?? undefined;
        if (!cursor || rows.length >= most) break;
      }
      const dear = rows.filter((r) => Number(r.cost.credits ?? 0) > 0).slice(0, most);
      return { rows: dear, cut: cursor !== undefined && dear.length < most && dear.length === rows.length };
    },
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });

/** The filter of a list as a request, the dearest conversations first. */
export function byCost(list: string): ConversationQuery {
  const query: Record<string, string | string[]> = {};
  for (const name of new Set(new URLSearchParams(list).keys())) {
    const values = new URLSearchParams(list).getAll(name);
    query[name] = several.has(name) || name.startsWith('variable[') ? values : (values.at(-1) ?? '');
  }
  return { ...query, sort: '-credits', limit: most } as ConversationQuery;
}

const several = new Set(['source', 'assistant_id', 'unanswered']);
