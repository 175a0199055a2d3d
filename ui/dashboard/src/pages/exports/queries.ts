import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, data } from '@/api/client';
import type { Export, NewExport } from '@/api/types';
import { useConfirm } from '@/parts/Confirm';
import { notifyDone } from '@/parts/notify';
import { viewerZone } from '@/parts/time';
import { text } from '@/text/en';
import { isFinished } from './request';

const t = text.exports;

// How often a person who looks sees an export move.
const lookEvery = 1000;

/** An export as it stands, looked at again until it is finished. */
export function useExport(id: string | undefined) {
  return useQuery({
    queryKey: ['exports', 'one', id],
    queryFn: ({ signal }) => data(api.GET('/api/v1/exports/{id}', { params: { path: { id: id ?? '' } }, signal })),
    enabled: id !== undefined,
    staleTime: 0,
    refetchInterval: (q) => (q.state.data && isFinished(q.state.data) ? false : lookEvery),
  });
}

/** The exports that were made, the newest first. */
export function useExports() {
  return useInfiniteQuery({
    queryKey: ['exports', 'list'],
    queryFn: ({ pageParam, signal }) =>
      data(api.GET('/api/v1/exports', { params: { query: { cursor: pageParam, limit: 25 } }, signal })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    placeholderData: keepPreviousData,
    staleTime: 0,
    refetchInterval: (q) => (q.state.data?.pages.some((p) => p.data.some((e) => !isFinished(e))) ? lookEvery : false),
  });
}

/** What tables can have. */
export function useColumns(wanted: boolean) {
  return useQuery({
    queryKey: ['exports', 'columns'],
    queryFn: ({ signal }) => data(api.GET('/api/v1/exports/columns', { signal })),
    enabled: wanted,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** Begins an export. */
export function useMakeExport(onMade: (e: Export) => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: NewExport) => data(api.POST('/api/v1/exports', { body })),
    onSuccess: (e) => {
      client.setQueryData(['exports', 'one', e.id], e);
      void client.invalidateQueries({ queryKey: ['exports', 'list'] });
      onMade(e);
    },
    meta: { quiet: true },
  });
}

/** Stops an export, or removes one that is finished, once the person is sure. */
export function useEndExport() {
  const client = useQueryClient();
  const confirm = useConfirm();
  const end = useMutation({
    mutationFn: (e: Export) => data(api.DELETE('/api/v1/exports/{id}', { params: { path: { id: e.id } } })),
    onSuccess: (_, e) => notifyDone(isFinished(e) ? t.removed : t.canceled),
    onSettled: () => client.invalidateQueries({ queryKey: ['exports'] }),
  });
  return async (e: Export) => {
    const question = isFinished(e)
      ? { title: t.removeTitle, body: t.removeBody, action: t.remove, danger: true }
      : { title: t.cancelTitle, body: t.cancelBody, action: t.cancel, danger: true };
    if (await confirm(question)) end.mutate(e);
  };
}

/** Hands a finished file to the browser; a page to print it opens, and prints. */
export function deliver(e: Export) {
  if (!e.file) return;
  if (e.request.format === 'html') printPage(e.file.url);
  else {
    const link = document.createElement('a');
    link.href = e.file.url;
    link.download = '';
    document.body.append(link);
    link.click();
    link.remove();
  }
}

/** Opens a page of this server in a tab and prints it. */
export function printPage(url: string) {
  const tab = window.open(url, '_blank');
  tab?.addEventListener('load', () => tab.print());
}

/** The page of one conversation, to print or to save as PDF. */
export const printUrl = (conversation: string): string =>
  `/api/v1/conversations/${conversation}/print?tz=${encodeURIComponent(viewerZone())}`;
