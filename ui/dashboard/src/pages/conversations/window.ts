import { useEffect, useState } from 'react';
import type { ConversationRow } from '@/api/types';
import { clockTime } from '@/parts/time';
import { text } from '@/text/en';

const t = text.conversations.window;

// A window counts as closed this long before its end, as the server has it.
const margin = 5 * 60_000;

export type WindowState = { open: false; closed: string } | { open: true; left: string; until: string; soon: boolean };

/** Whether free-form messages are allowed at a time, and for how long; null where there are no windows. */
export function windowState(
  row: Pick<ConversationRow, 'source' | 'window' | 'sender'>,
  now: number,
): WindowState | null {
  if (row.source !== 'whatsapp' || !row.sender) return null;
  if (!row.window) return { open: false, closed: t.never };
  const left = Date.parse(row.window.expires_at) - margin - now;
  if (left <= 0) return { open: false, closed: t.closed };
  return {
    open: true,
    left: inWords(left),
    until: clockTime(new Date(now + left).toISOString()),
    soon: left < 60 * 60_000,
  };
}

/** "3 h 20 min", "12 min", "45 s". */
export function inWords(millis: number): string {
  const seconds = Math.ceil(millis / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** The time, again and again while somebody looks. */
export function useNow(every: number): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), every);
    return () => clearInterval(timer);
  }, [every]);
  return now;
}
