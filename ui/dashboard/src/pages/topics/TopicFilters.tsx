import { Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import { text } from '@/text/en';
import type { Period } from '../analytics/period';
import { PeriodFilter } from '../analytics/PeriodFilter';
import { ActiveFilters } from '../conversations/filter/ActiveFilters';
import { AssistantFilter } from '../conversations/filter/AssistantFilter';
import classes from '../conversations/filter/Filter.module.css';
import { MoreFilters } from '../conversations/filter/MoreFilters';
import { SourceFilter } from '../conversations/filter/SourceFilter';
import type { Filters } from '../conversations/filters';

const t = text.conversations.filters;

interface Props {
  filters: Filters;
  period: Period;
  zone: string;
  onChange: (part: Partial<Filters>) => void;
  onPeriod: (period: Period) => void;
  onClear: () => void;
  children: ReactNode;
}

/** The filters of the list, without its search and its order. */
export function TopicFilters({ filters, period, zone, onChange, onPeriod, onClear, children }: Props) {
  return (
    <Stack gap={10} role="search" aria-label={t.label}>
      <div className={classes.pills}>
        {children}
        <PeriodFilter value={period} onChange={onPeriod} zone={zone} />
        <SourceFilter value={filters.source} onChange={(source) => onChange({ source })} />
        <AssistantFilter value={filters.assistant} onChange={(assistant) => onChange({ assistant })} />
        <MoreFilters filters={filters} onChange={onChange} />
      </div>
      <ActiveFilters filters={filters} onChange={onChange} onClear={onClear} />
    </Stack>
  );
}
