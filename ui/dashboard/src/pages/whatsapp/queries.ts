import { useQuery } from '@tanstack/react-query';
import { api, data } from '@/api/client';

/** The WhatsApp numbers; read again now and then, because Meta changes what it says of them. */
export const useSenders = (enabled = true) =>
  useQuery({
    queryKey: ['senders'],
    queryFn: ({ signal }) => data(api.GET('/api/v1/whatsapp/senders', { signal })),
    enabled,
    refetchInterval: 60_000,
  });

export const useSender = (id: string) =>
  useQuery({
    queryKey: ['senders', id],
    queryFn: ({ signal }) => data(api.GET('/api/v1/whatsapp/senders/{id}', { params: { path: { id } }, signal })),
    refetchInterval: 30_000,
  });

export const useTemplates = (sender: string) =>
  useQuery({
    queryKey: ['senders', sender, 'templates'],
    queryFn: ({ signal }) =>
      data(api.GET('/api/v1/whatsapp/senders/{id}/templates', { params: { path: { id: sender } }, signal })),
  });

/** Whether this server has a simulator of WhatsApp. */
export const useSimulator = (enabled = true) =>
  useQuery({
    queryKey: ['simulator'],
    queryFn: ({ signal }) => data(api.GET('/api/v1/simulator', { signal })),
    enabled,
    staleTime: Infinity,
  });
