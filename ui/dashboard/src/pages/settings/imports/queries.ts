import { keepPreviousData, useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { api, data } from '@/api/client';
import { text } from '@/text/en';
import { largest, uploadFile } from './upload';

// How often a person who looks sees an import move.
const lookEvery = 1000;

/** The imports, the newest first, looked at again while one goes on. */
export function useImports() {
  return useInfiniteQuery({
    queryKey: ['imports'],
    queryFn: ({ pageParam, signal }) =>
      data(api.GET('/api/v1/imports', { params: { query: { cursor: pageParam, limit: 25 } }, signal })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    placeholderData: keepPreviousData,
    staleTime: 0,
    refetchInterval: (q) =>
      q.state.data?.pages.some((p) => p.data.some((m) => m.state === 'queued' || m.state === 'running'))
        ? lookEvery
        : false,
  });
}

/** Stops an import where it is. What was taken stays. */
export function useCancelImport() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => data(api.POST('/api/v1/imports/{id}/cancel', { params: { path: { id } } })),
    onSettled: () => client.invalidateQueries({ queryKey: ['imports'] }),
  });
}

/** Brings a file: how much of it is sent, 0 to 1, null while nothing is. */
export function useBring() {
  const client = useQueryClient();
  const [sent, setSent] = useState<number | null>(null);
  const [name, setName] = useState('');
  const [error, setError] = useState<string | null>(null);
  const cancel = useRef<AbortController | null>(null);
  useEffect(() => () => cancel.current?.abort(), []);
  const bring = (file: File) => {
    setName(file.name);
    setError(null);
    if (file.size > largest) {
      setError(text.imports.tooLarge);
      return;
    }
    const control = new AbortController();
    cancel.current = control;
    setSent(0);
    uploadFile('/api/v1/imports', file, setSent, control.signal)
      .then(() => client.invalidateQueries({ queryKey: ['imports'] }))
      .catch((cause: Error) => {
        if (!control.signal.aborted) setError(cause.message);
      })
      .finally(() => setSent(null));
  };
  return { bring, stop: () => cancel.current?.abort(), sent, name, error };
}
