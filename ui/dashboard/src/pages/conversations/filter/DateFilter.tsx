import dayjs from 'dayjs';
import { viewerZone } from '@/parts/time';
import { text } from '@/text/en';
import { type Filters, type Range, isInstant } from '../filters';
import { RangePill } from './RangePill';

const t = text.conversations.filters;

const presets: { value: Range; label: string }[] = [
  { value: '', label: t.anyTime },
  { value: 'today', label: t.ranges.today },
  { value: '7d', label: t.ranges['7d'] },
  { value: '30d', label: t.ranges['30d'] },
  { value: 'custom', label: t.ranges.custom },
];

const shortDay = (day: string) =>
  isInstant(day)
    ? new Date(day).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' })
    : new Date(`${day}T00:00:00`).toLocaleDateString(undefined, { day: 'numeric', month: 'short', year: 'numeric' });

const pickedDay = (bound: string) => (isInstant(bound) ? dayjs(bound).format('YYYY-MM-DD') : bound) || null;

/** The period in words; empty when there is none. */
export function periodText(f: Filters): string {
  if (f.range !== 'custom') return f.range ? t.ranges[f.range] : '';
  if (f.from && f.to) return t.between(shortDay(f.from), shortDay(f.to));
  return f.from ? t.since(shortDay(f.from)) : t.until(shortDay(f.to));
}

interface Props {
  filters: Filters;
  onChange: (part: Partial<Filters>) => void;
}

/** When the last activity was: a preset, or days of the viewer's time zone. */
export function DateFilter({ filters, onChange }: Props) {
  return (
    <RangePill
      label={t.date}
      said={periodText(filters)}
      presets={presets}
      range={filters.range}
      days={[pickedDay(filters.from), pickedDay(filters.to)]}
      maxDate={dayjs().format('YYYY-MM-DD')}
      help={t.customHelp(viewerZone())}
      onChange={onChange}
    />
  );
}
