import { Divider, Text } from '@mantine/core';
import { DatePicker } from '@mantine/dates';
import dayjs from 'dayjs';
import { useState } from 'react';
import { viewerZone } from '@/parts/time';
import { text } from '@/text/en';
import { type Filters, type Range, isInstant } from '../filters';
import { Choice } from './Choice';
import { FilterPill } from './FilterPill';

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
  const [custom, setCustom] = useState(filters.range === 'custom');
  const [half, setHalf] = useState<string | null>(null); // the first day of a range being chosen
  const chosen = custom ? 'custom' : filters.range;
  return (
    <FilterPill label={t.date} value={periodText(filters)} width="auto">
      {(close) => (
        <div style={{ minWidth: 224 }}>
          <Choice
            label={t.date}
            options={presets}
            value={chosen}
            onChange={(range) => {
              setCustom(range === 'custom');
              if (range === 'custom') return;
              onChange({ range, from: '', to: '' });
              close();
            }}
          />
          {chosen === 'custom' && (
            <>
              <Divider my="xs" />
              <DatePicker
                type="range"
                allowSingleDateInRange
                hideOutsideDates
                weekendDays={[]}
                ariaLabels={{
                  previousMonth: t.previousMonth,
                  nextMonth: t.nextMonth,
                  monthLevelControl: t.chooseMonth,
                }}
                maxDate={dayjs().format('YYYY-MM-DD')}
                value={half ? [half, null] : [pickedDay(filters.from), pickedDay(filters.to)]}
                onChange={([from, to]) => {
                  setHalf(to ? null : from);
                  if (from && to) onChange({ range: 'custom', from, to });
                }}
              />
              <Text size="xs" c="dimmed" mt="xs" maw={260}>
                {t.customHelp(viewerZone())}
              </Text>
            </>
          )}
        </div>
      )}
    </FilterPill>
  );
}
