import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { api, data } from '@/api/client';
import type { Assistant, AssistantStatus } from '@/api/types';
import { builtinProvider } from './types';

export const assistantsKey = ['assistants'] as const;
export const assistantNamesKey = ['assistants', 'names'] as const;
export const assistantKey = (id: string) => ['assistants', id] as const;
export const documentsKey = (id: string) => ['assistants', id, 'knowledge'] as const;
export const versionsKey = (id: string) => ['assistants', id, 'versions'] as const;

/** The list of assistants, a page at a time. */
export function useAssistantList(q: string, status: AssistantStatus | '') {
  return useInfiniteQuery({
    queryKey: [...assistantsKey, 'list', q, status],
    queryFn: ({ pageParam, signal }) =>
      data(
        api.GET('/api/v1/assistants', {
          params: { query: { q: q || undefined, status: status || undefined, cursor: pageParam, limit: 50 } },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    placeholderData: (previous) => previous,
  });
}

/** One assistant in its newest version. */
export function useAssistant(id: string) {
  return useQuery({
    queryKey: assistantKey(id),
    queryFn: ({ signal }) => data(api.GET('/api/v1/assistants/{id}', { params: { path: { id } }, signal })),
  });
}

/** Puts an assistant that the server has just given into what is shown, and lets the lists be read again. */
export function useKeepAssistant() {
  const client = useQueryClient();
  return useCallback(
    (assistant: Assistant) => {
      client.setQueryData(assistantKey(assistant.id), assistant);
      void client.invalidateQueries({ queryKey: [...assistantsKey, 'list'] });
      void client.invalidateQueries({ queryKey: assistantNamesKey });
      void client.invalidateQueries({ queryKey: versionsKey(assistant.id) });
    },
    [client],
  );
}

/** The providers that were connected; the built-in answerer is always there and not among them. */
export function useProviders() {
  return useQuery({
    queryKey: ['providers'],
    queryFn: ({ signal }) => data(api.GET('/api/v1/providers', { signal })),
    select: (list) => list.data.filter((provider) => provider.id !== builtinProvider),
    staleTime: 60_000,
  });
}

/** What a provider says of its models. It is asked with its key, so only for those who may choose one. */
export function useListedModels(providerId: string, wanted: boolean) {
  return useQuery({
    queryKey: ['providers', providerId, 'models'],
    queryFn: ({ signal }) =>
      data(api.GET('/api/v1/providers/{id}/models', { params: { path: { id: providerId } }, signal })),
    enabled: wanted && providerId !== '' && providerId !== builtinProvider,
    staleTime: 10 * 60_000,
    retry: false,
    meta: { quiet: true },
  });
}

/** The documents of the newest version, without their content. */
export function useDocuments(id: string) {
  return useQuery({
    queryKey: documentsKey(id),
    queryFn: ({ signal }) => data(api.GET('/api/v1/assistants/{id}/knowledge', { params: { path: { id } }, signal })),
  });
}

/** The versions of an assistant, the newest first. */
export function useVersions(id: string) {
  return useInfiniteQuery({
    queryKey: versionsKey(id),
    queryFn: ({ pageParam, signal }) =>
      data(
        api.GET('/api/v1/assistants/{id}/versions', {
          params: { path: { id }, query: { cursor: pageParam } },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
}

/** Two versions beside each other; what is left out is the newest, and the one before. */
export function useComparison(id: string, a: number | undefined, b: number | undefined) {
  return useQuery({
    queryKey: [...versionsKey(id), 'compare', a, b],
    queryFn: ({ signal }) =>
      data(api.GET('/api/v1/assistants/{id}/compare', { params: { path: { id }, query: { a, b } }, signal })),
    placeholderData: (previous) => previous,
  });
}
