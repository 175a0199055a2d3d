import { Divider, Text } from '@mantine/core';
import { DatePicker } from '@mantine/dates';
import { type ReactNode, useState } from 'react';
import { text } from '@/text/en';
import { Choice } from './Choice';
import { FilterPill } from './FilterPill';

const t = text.conversations.filters;

/** A preset, or from its first day to its last. */
interface Value<T extends string> {
  range: T | 'custom';
  from: string;
  to: string;
}

interface Props<T extends string> {
  label: string;
  /** The value in words; empty when there is none. */
  said: string;
  presets: readonly { value: T | 'custom'; label: string }[];
  range: T | 'custom';
  /** The days of a custom range, as the calendar shows them. */
  days: [string | null, string | null];
  maxDate: string;
  help: ReactNode;
  onChange: (value: Value<T>) => void;
}

/** A period: one of some presets, or days of a calendar. */
export function RangePill<T extends string>(p: Props<T>) {
  const [custom, setCustom] = useState(p.range === 'custom');
  const [half, setHalf] = useState<string | null>(null); // the first day of a range being chosen
  const chosen = custom ? 'custom' : p.range;
  return (
    <FilterPill label={p.label} value={p.said} width="auto">
      {(close) => (
        <div style={{ minWidth: 224 }}>
          <Choice
            label={p.label}
            options={p.presets}
            value={chosen}
            onChange={(range) => {
              setCustom(range === 'custom');
              if (range === 'custom') return;
              p.onChange({ range, from: '', to: '' });
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
                maxDate={p.maxDate}
                value={half ? [half, null] : p.days}
                onChange={([from, to]) => {
                  setHalf(to ? null : from);
                  if (from && to) p.onChange({ range: 'custom', from, to });
                }}
              />
              <Text size="xs" c="dimmed" mt="xs" maw={260}>
                {p.help}
              </Text>
            </>
          )}
        </div>
      )}
    </FilterPill>
  );
}
