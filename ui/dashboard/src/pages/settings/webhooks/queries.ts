import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, data } from '@/api/client';
import type { SaveWebhookEndpoint, WebhookDelivery, WebhookEndpoint } from '@/api/types';
import { notifyDone } from '@/parts/notify';
import { text } from '@/text/en';

const t = text.webhooks;

/** The addresses that are told of events. */
export const useEndpoints = () =>
  useQuery({
    queryKey: ['webhooks'],
    queryFn: ({ signal }) => data(api.GET('/api/v1/webhooks', { signal })),
    refetchInterval: 15_000,
  });

/** Adds a webhook, or changes one; a new one comes with its secret. */
export function useSaveEndpoint(endpoint: WebhookEndpoint | null, onSaved: (secret: string | undefined) => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (body: SaveWebhookEndpoint) => {
      if (!endpoint) return (await data(api.POST('/api/v1/webhooks', { body }))).secret;
      await data(api.PUT('/api/v1/webhooks/{id}', { params: { path: { id: endpoint.id } }, body }));
      return undefined;
    },
    onSuccess: onSaved,
    onSettled: () => {
      void client.invalidateQueries({ queryKey: ['webhooks'] });
      void client.invalidateQueries({ queryKey: ['alerts'] });
    },
    meta: { quiet: true },
  });
}

export function useSwitchOn(endpoint: WebhookEndpoint) {
  const client = useQueryClient();
  const { url, description, events } = endpoint;
  return useMutation({
    mutationFn: () =>
      data(
        api.PUT('/api/v1/webhooks/{id}', {
          params: { path: { id: endpoint.id } },
          body: { url, description, events, enabled: true },
        }),
      ),
    onSuccess: () => notifyDone(t.switchedOn),
    onSettled: () => {
      void client.invalidateQueries({ queryKey: ['webhooks'] });
      void client.invalidateQueries({ queryKey: ['alerts'] });
    },
  });
}

export function useTest(endpoint: WebhookEndpoint) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => data(api.POST('/api/v1/webhooks/{id}/test', { params: { path: { id: endpoint.id } } })),
    onSettled: () => client.invalidateQueries({ queryKey: ['webhooks'] }),
  });
}

export function useRenew() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => data(api.POST('/api/v1/webhooks/{id}/secret', { params: { path: { id } } })),
    onSettled: () => client.invalidateQueries({ queryKey: ['webhooks'] }),
  });
}

export function useRemove() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => data(api.DELETE('/api/v1/webhooks/{id}', { params: { path: { id } } })),
    onSuccess: () => notifyDone(t.removed),
    onSettled: () => client.invalidateQueries({ queryKey: ['webhooks'] }),
  });
}

export type State = WebhookDelivery['state'] | 'all';

/** What was sent, the newest first; looked at again, because it goes on. */
export const useDeliveries = (endpoint: string, state: State) =>
  useInfiniteQuery({
    queryKey: ['webhooks', endpoint, 'deliveries', state],
    queryFn: ({ pageParam, signal }) =>
      data(
        api.GET('/api/v1/webhooks/{id}/deliveries', {
          params: {
            path: { id: endpoint },
            query: { limit: 25, cursor: pageParam || undefined, state: state === 'all' ? undefined : state },
          },
          signal,
        }),
      ),
    initialPageParam: '',
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    refetchInterval: 5000,
  });

export const useDelivery = (endpoint: string, delivery: string) =>
  useQuery({
    queryKey: ['webhooks', endpoint, 'delivery', delivery],
    queryFn: ({ signal }) =>
      data(
        api.GET('/api/v1/webhooks/{id}/deliveries/{delivery_id}', {
          params: { path: { id: endpoint, delivery_id: delivery } },
          signal,
        }),
      ),
    refetchInterval: 5000,
  });

export function useSendAgain(endpoint: string, delivery: WebhookDelivery) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () =>
      data(
        api.POST('/api/v1/webhooks/{id}/deliveries/{delivery_id}/send', {
          params: { path: { id: endpoint, delivery_id: delivery.id } },
        }),
      ),
    onSuccess: (sent) => {
      const words = t.deliveries;
      if (sent.state === 'pending') notifyDone(words.soon);
      else notifyDone(sent.last_attempt?.error ? `${words.failed}. ${sent.last_attempt.error}` : words.arrived);
    },
    onSettled: () => client.invalidateQueries({ queryKey: ['webhooks'] }),
  });
}
