import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef } from 'react';
import { api, data } from '@/api/client';
import type { ConversationRow } from '@/api/types';
import { useLive } from '@/live/LiveProvider';
import { readAgain } from '@/live/readAgain';
import { tilesKey } from '@/pages/conversations/useTiles';

// Any event may change a number of the tiles: they are read again at most so often.
const tilesEvery = 5000;
const mostKnown = 100;

/**
 * Follows who waits for a person: calls back for each conversation that begins to, and keeps the numbers over all
 * conversations up to date.
 */
export function useWaiting(onBegin: (row: ConversationRow) => void) {
  const client = useQueryClient();
  // Those who wait, by id; null until they are read.
  const known = useRef<Set<string>>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  const readTiles = useCallback(() => {
    clearTimeout(timer.current);
    timer.current = undefined;
    void readAgain(client, tilesKey);
  }, [client]);

  const readKnown = useCallback(async (signal?: AbortSignal) => {
    const query = { waiting: 'true', limit: mostKnown } as const;
    const list = await data(api.GET('/api/v1/conversations', { params: { query }, signal })).catch(() => null);
    if (list && !signal?.aborted) known.current = new Set(list.data.map((row) => row.id));
  }, []);

  useEffect(() => {
    const leaving = new AbortController();
    void readKnown(leaving.signal);
    return () => {
      leaving.abort();
      clearTimeout(timer.current);
    };
  }, [readKnown]);

  useLive((event) => {
    if (event.type === 'delta' || event.type === 'turn' || event.type === 'typing') return;
    timer.current ??= setTimeout(readTiles, tilesEvery);
    if (event.type === 'resync' && !event.conversation_id) void readKnown();
    if (event.type !== 'conversation' || !event.conversation_id || !known.current) return;
    const waits = event.conversation?.waiting === true;
    if (waits === known.current.has(event.conversation_id)) return;
    if (waits) known.current.add(event.conversation_id);
    else known.current.delete(event.conversation_id);
    readTiles();
    if (waits && event.conversation) onBegin(event.conversation);
  });
}
