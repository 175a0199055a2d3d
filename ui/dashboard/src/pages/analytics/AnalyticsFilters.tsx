import { Stack } from '@mantine/core';
import { useRef } from 'react';
import { ActiveFilters } from '@/pages/conversations/filter/ActiveFilters';
import { AssistantFilter } from '@/pages/conversations/filter/AssistantFilter';
import classes from '@/pages/conversations/filter/Filter.module.css';
import { MoreFilters } from '@/pages/conversations/filter/MoreFilters';
import { SearchField } from '@/pages/conversations/filter/SearchField';
import { SourceFilter } from '@/pages/conversations/filter/SourceFilter';
import { StatusFilter } from '@/pages/conversations/filter/StatusFilter';
import type { Filters } from '@/pages/conversations/filters';
import { text } from '@/text/en';
import { PeriodFilter } from './PeriodFilter';
import type { Period } from './period';

interface Props {
  filters: Filters;
  period: Period;
  zone: string;
  onChange: (part: Partial<Filters>) => void;
  onPeriod: (period: Period) => void;
  onClear: () => void;
}

/** What is counted, in the words of the list. */
export function AnalyticsFilters({ filters, period, zone, onChange, onPeriod, onClear }: Props) {
  const search = useRef<HTMLInputElement>(null);
  return (
    <Stack gap={10} role="search" aria-label={text.conversations.filters.label}>
      <div className={classes.bar}>
        <SearchField value={filters.q} onChange={(q) => onChange({ q })} input={search} />
        <div className={classes.pills}>
          <PeriodFilter value={period} onChange={onPeriod} zone={zone} />
          <SourceFilter value={filters.source} onChange={(source) => onChange({ source })} />
          <AssistantFilter value={filters.assistant} onChange={(assistant) => onChange({ assistant })} />
          <StatusFilter value={filters.status} onChange={(status) => onChange({ status })} />
          <MoreFilters filters={filters} onChange={onChange} />
        </div>
      </div>
      <ActiveFilters filters={filters} onChange={onChange} onClear={onClear} />
    </Stack>
  );
}
