import { text } from '@/text/en';

const cache = new Map<string, Intl.DateTimeFormat>();

function format(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = JSON.stringify(options);
  let f = cache.get(key);
  if (!f) {
    f = new Intl.DateTimeFormat(undefined, options);
    cache.set(key, f);
  }
  return f;
}

/** The viewer's time zone, as an IANA name. */
export const viewerZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

const dayNumber = (d: Date) => Math.floor((d.getTime() - d.getTimezoneOffset() * 60_000) / 86_400_000);

/** "14 Mar 2026, 10:30:15" in the viewer's zone. */
export const fullTime = (iso: string): string =>
  format({ dateStyle: 'medium', timeStyle: 'medium', hourCycle: 'h23' }).format(new Date(iso));

/** "10:30:15" in the viewer's zone. */
export const clockTime = (iso: string): string =>
  format({ hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' }).format(new Date(iso));

/** "Today", "Yesterday" or "Saturday, 14 March 2026". */
export function dayName(iso: string, now = new Date()): string {
  const d = new Date(iso);
  const ago = dayNumber(now) - dayNumber(d);
  if (ago === 0) return text.time.today;
  if (ago === 1) return text.time.yesterday;
  return format({ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' }).format(d);
}

/** Short for lists: "now", "5 min", "10:30", "Yesterday", "14 Mar", "14 Mar 2025". */
export function relativeTime(iso: string, now = new Date()): string {
  const d = new Date(iso);
  const minutes = Math.floor((now.getTime() - d.getTime()) / 60_000);
  if (minutes < 1) return text.time.now;
  if (minutes < 60) return text.time.minutes(minutes);
  const ago = dayNumber(now) - dayNumber(d);
  if (ago <= 0) return format({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(d);
  if (ago === 1) return text.time.yesterday;
  if (ago < 7) return format({ weekday: 'short' }).format(d);
  const year = d.getFullYear() === now.getFullYear() ? undefined : ('numeric' as const);
  return format({ day: 'numeric', month: 'short', year }).format(d);
}

/** "45 s", "3 min 12 s", "2 h 05 min". */
export function duration(seconds: number): string {
  const s = Math.round(seconds);
  if (s < 1) return seconds > 0 ? text.time.underSecond : '0 s';
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min${s % 60 ? ` ${s % 60} s` : ''}`;
  return `${Math.floor(s / 3600)} h ${String(Math.floor((s % 3600) / 60)).padStart(2, '0')} min`;
}

/** "840 ms", "2.4 s". */
export const millis = (ms: number): string => (ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`);
