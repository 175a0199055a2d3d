import { keepPreviousData, useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { type RefObject, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { api, data } from '@/api/client';
import type { ConversationRow, StreamEvent } from '@/api/types';
import { useLive } from '@/live/LiveProvider';
import { readAgain } from '@/live/readAgain';
import { type Filters, toQuery } from './filters';
import { type Pages, flatten, holds, matches, raiseRow, removeRow, replaceRow } from './rows';

const pageSize = 50;

// Rows move by themselves only while the person looks at the top of the list;
// further down they change in place and what is newer is announced.
const isAtTop = (scroller: HTMLElement | null) => (scroller?.scrollTop ?? 0) < 24;

/** The list for these filters: its pages, and its rows as they change. */
export function useList(filters: Filters, scroller: RefObject<HTMLElement | null>) {
  const client = useQueryClient();
  const today = new Date().toDateString();
  // Presets such as "today" are computed once a day, so that the key is stable.
  const query = useMemo(() => toQuery(filters, new Date(today)), [filters, today]);
  const key = useMemo(() => ['conversations', 'list', query] as const, [query]);
  const [newer, setNewer] = useState<ReadonlySet<string>>(new Set());
  useEffect(() => setNewer(new Set()), [key]);

  const list = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam, signal }) =>
      data(
        api.GET('/api/v1/conversations', {
          params: { query: { ...query, cursor: pageParam, limit: pageSize } },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });

  const refreshTop = useCallback(() => {
    setNewer(new Set());
    client.setQueryData<Pages>(key, (p) => p && { pages: p.pages.slice(0, 1), pageParams: p.pageParams.slice(0, 1) });
    void readAgain(client, key);
  }, [client, key]);

  const refreshSoon = useThrottled(refreshTop, 1500);
  useLive((event: StreamEvent) => {
    const top = isAtTop(scroller.current);
    if (event.type === 'resync') {
      if (event.conversation_id) return;
      if (top) refreshTop();
      else setNewer((n) => new Set(n).add(''));
      return;
    }
    const row = event.conversation;
    const pages = client.getQueryData<Pages>(key);
    if (!pages) {
      refreshSoon(); // the answer that is on its way may come from before the event
      return;
    }
    if (!row) {
      // A conversation that changed and has no row any more was deleted.
      if (event.type === 'conversation' && event.conversation_id)
        client.setQueryData(key, removeRow(pages, event.conversation_id));
      return;
    }
    const fits = matches(row, filters, query);
    const known = holds(pages, row.id);
    if (fits === false) {
      if (known) client.setQueryData(key, removeRow(pages, row.id));
    } else if (filters.sort === '-last_activity_at' && fits && top && isNewest(pages, row)) {
      client.setQueryData(key, raiseRow(pages, row));
    } else if (known) {
      client.setQueryData(key, replaceRow(pages, row));
    } else if (top && (fits === undefined || filters.sort !== '-last_activity_at')) {
      refreshSoon();
    } else if (fits !== undefined || !top) {
      setNewer((n) => (n.has(row.id) ? n : new Set(n).add(row.id)));
    }
  });

  const rows = useMemo(() => flatten(list.data), [list.data]);

  // A page that the server cut short goes on by itself until it shows something.
  const { hasNextPage, isFetching, fetchNextPage } = list;
  const cutShort = list.data?.pages.at(-1)?.partial ?? false;
  useEffect(() => {
    if (cutShort && hasNextPage && !isFetching && rows.length < pageSize) void fetchNextPage();
  }, [cutShort, hasNextPage, isFetching, rows.length, fetchNextPage]);

  return { list, rows, newer: newer.size, refreshTop, cutShort };
}

function isNewest(pages: Pages, row: ConversationRow): boolean {
  const first = flatten(pages)[0];
  return !first || first.id === row.id || first.last_activity_at <= row.last_activity_at;
}

// Runs at most once per interval, at its end.
function useThrottled(run: () => void, millis: number): () => void {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const latest = useRef(run);
  useEffect(() => {
    latest.current = run;
  });
  useEffect(() => () => clearTimeout(timer.current), []);
  return useCallback(() => {
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      latest.current();
    }, millis);
  }, [millis]);
}
