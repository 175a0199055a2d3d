import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, data } from '@/api/client';
import type { CannedReply, SavedView } from '@/api/types';

const tagsKey = ['tags'] as const;
const viewsKey = ['views'] as const;
const repliesKey = ['canned-replies'] as const;

/** The tags of the workspace, by name. */
export const useTags = () =>
  useQuery({
    queryKey: tagsKey,
    queryFn: ({ signal }) => data(api.GET('/api/v1/tags', { signal })),
    staleTime: 30_000,
  });

/** The name of a tag, where only its id is known. */
export function useTagOf() {
  const tags = useTags().data?.data;
  return (id: string) => tags?.find((t) => t.id === id);
}

/** Adds a tag, or changes one. */
export function useSaveTag(id?: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: { name: string; color: string }) =>
      id
        ? data(api.PUT('/api/v1/tags/{id}', { params: { path: { id } }, body }))
        : data(api.POST('/api/v1/tags', { body })),
    onSettled: () => {
      void client.invalidateQueries({ queryKey: tagsKey });
      if (id) void client.invalidateQueries({ queryKey: ['conversations'] });
    },
    meta: { quiet: true },
  });
}

export function useDeleteTag() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => data(api.DELETE('/api/v1/tags/{id}', { params: { path: { id } } })),
    onSettled: () => {
      void client.invalidateQueries({ queryKey: tagsKey });
      void client.invalidateQueries({ queryKey: ['conversations'] });
    },
  });
}

/** Everybody's views and one's own. */
export const useViews = () =>
  useQuery({
    queryKey: viewsKey,
    queryFn: ({ signal }) => data(api.GET('/api/v1/views', { signal })),
    staleTime: 30_000,
  });

export type ViewBody = { name: string; filter: string; shared: boolean };

/** Adds a view, or changes one. */
export function useSaveView() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, ...body }: ViewBody & { id?: string }) =>
      id
        ? data(api.PUT('/api/v1/views/{id}', { params: { path: { id } }, body }))
        : data(api.POST('/api/v1/views', { body })),
    onSettled: () => client.invalidateQueries({ queryKey: viewsKey }),
    meta: { quiet: true },
  });
}

export function useDeleteView() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => data(api.DELETE('/api/v1/views/{id}', { params: { path: { id } } })),
    onSettled: () => client.invalidateQueries({ queryKey: viewsKey }),
  });
}

/** Puts everybody's views, or one's own, in an order. */
export function useOrderViews() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: { ids: string[]; shared: boolean }) => data(api.PUT('/api/v1/views/order', { body })),
    onSuccess: (list) => client.setQueryData<{ data: SavedView[] }>(viewsKey, list),
  });
}

/** The canned replies of the workspace, by shortcut. */
export const useReplies = (enabled = true) =>
  useQuery({
    queryKey: repliesKey,
    queryFn: ({ signal }) => data(api.GET('/api/v1/canned-replies', { signal })),
    staleTime: 60_000,
    enabled,
  });

/** Adds a canned reply, or changes one. */
export function useSaveReply(id?: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: Pick<CannedReply, 'shortcut' | 'text'>) =>
      id
        ? data(api.PUT('/api/v1/canned-replies/{id}', { params: { path: { id } }, body }))
        : data(api.POST('/api/v1/canned-replies', { body })),
    onSettled: () => client.invalidateQueries({ queryKey: repliesKey }),
    meta: { quiet: true },
  });
}

export function useDeleteReply() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => data(api.DELETE('/api/v1/canned-replies/{id}', { params: { path: { id } } })),
    onSettled: () => client.invalidateQueries({ queryKey: repliesKey }),
  });
}
