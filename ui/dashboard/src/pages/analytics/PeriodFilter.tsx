import { Divider, Text } from '@mantine/core';
import { DatePicker } from '@mantine/dates';
import dayjs from 'dayjs';
import { useState } from 'react';
import { Choice } from '@/pages/conversations/filter/Choice';
import { periodText } from '@/pages/conversations/filter/DateFilter';
import { FilterPill } from '@/pages/conversations/filter/FilterPill';
import { noFilters } from '@/pages/conversations/filters';
import { text } from '@/text/en';
import { type Period, ranges } from './period';

const t = text.analytics.period;
const names = text.conversations.filters;

interface Props {
  value: Period;
  onChange: (value: Period) => void;
  zone: string;
}

/** Which days are counted: a preset, or days of the workspace's time zone. */
export function PeriodFilter({ value, onChange, zone }: Props) {
  const [custom, setCustom] = useState(value.range === 'custom');
  const [half, setHalf] = useState<string | null>(null); // the first day of a range being chosen
  const chosen = custom ? 'custom' : value.range;
  const said = value.range === 'custom' ? periodText({ ...noFilters, ...value, range: 'custom' }) : t[value.range];
  return (
    <FilterPill label={t.label} value={said} width="auto">
      {(close) => (
        <div style={{ minWidth: 224 }}>
          <Choice
            label={t.label}
            options={ranges.map((r) => ({ value: r, label: t[r] }))}
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
                  previousMonth: names.previousMonth,
                  nextMonth: names.nextMonth,
                  monthLevelControl: names.chooseMonth,
                }}
                maxDate={dayjs().add(1, 'day').format('YYYY-MM-DD')}
                value={half ? [half, null] : [value.from || null, value.to || null]}
                onChange={([from, to]) => {
                  setHalf(to ? null : from);
                  if (from && to) onChange({ range: 'custom', from, to });
                }}
              />
              <Text size="xs" c="dimmed" mt="xs" maw={260}>
                {t.help(zone)}
              </Text>
            </>
          )}
        </div>
      )}
    </FilterPill>
  );
}
