import { creditText, number, shortNumber } from '@/parts/number';
import { duration, millis } from '@/parts/time';
import { text } from '@/text/en';

const percentage = new Intl.NumberFormat(undefined, { style: 'percent', maximumFractionDigits: 1 });
const decimal = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 });

type Format = (value: number) => string;

/** 61.4% */
export const percent: Format = (v) => percentage.format(v);
/** "840 ms", "2.4 s", "3 min 12 s". */
export const seconds: Format = (v) => (v < 60 ? millis(v * 1000) : duration(v));
/** 12.3, and no decimals from a thousand on. */
export const mean: Format = (v) => (Math.abs(v) >= 1000 ? number(Math.round(v)) : decimal.format(v));
export const credits: Format = (v) => text.common.credits(creditText(String(v)));
export const count: Format = (v) => shortNumber(v);

/** What is known of credits, as the list says it: a lower bound where a price is not known, and never 0 for it. */
export function cost(amount: number | null, unpriced: number): string {
  if (unpriced === 0) return orNone(amount, credits);
  return amount ? `≥ ${credits(amount)}` : text.common.unknown;
}

/** What is formatted, or a dash for nothing. */
export const orNone = (value: number | null | undefined, format: Format): string =>
  value === null || value === undefined ? text.common.none : format(value);

/** How a number has changed: null where that cannot be said. */
export function change(now: number | null, before: number | null): { up: boolean; text: string } | null {
  if (now === null || before === null || before === 0) return null;
  const by = (now - before) / before;
  if (Math.abs(by) < 0.005) return { up: true, text: '' };
  return { up: by > 0, text: percentage.format(Math.abs(by)) };
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** An instant on the clocks of a zone. */
export function inZone(iso: string, zone: string, options: Intl.DateTimeFormatOptions): string {
  const key = zone + JSON.stringify(options);
  let f = formats.get(key);
  if (!f) {
    f = new Intl.DateTimeFormat(undefined, { ...options, timeZone: zone });
    formats.set(key, f);
  }
  return f.format(new Date(iso));
}

/** How far the clocks of a zone are from UTC at an instant: GMT+2. */
export function offsetIn(iso: string, zone: string): string {
  const parts = new Intl.DateTimeFormat(undefined, { timeZone: zone, timeZoneName: 'shortOffset' }).formatToParts(
    new Date(iso),
  );
  return parts.find((p) => p.type === 'timeZoneName')?.value ?? '';
}

export const dateIn = (iso: string, zone: string): string =>
  inZone(iso, zone, { day: 'numeric', month: 'short', year: 'numeric' });

/** The last day before an instant at which a day begins. */
export const dateBefore = (iso: string, zone: string): string =>
  dateIn(new Date(new Date(iso).getTime() - 1).toISOString(), zone);
