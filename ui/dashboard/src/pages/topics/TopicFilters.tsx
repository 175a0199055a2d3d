import { Checkbox, Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Source } from '@/api/types';
import { SourceBadge } from '@/parts/SourceBadge';
import { text } from '@/text/en';
import { ActiveFilters } from '../conversations/filter/ActiveFilters';
import { AssistantFilter } from '../conversations/filter/AssistantFilter';
import { DateFilter } from '../conversations/filter/DateFilter';
import classes from '../conversations/filter/Filter.module.css';
import { FilterPill } from '../conversations/filter/FilterPill';
import { MoreFilters } from '../conversations/filter/MoreFilters';
import { type Filters, sources } from '../conversations/filters';

const t = text.conversations.filters;

interface Props {
  filters: Filters;
  onChange: (part: Partial<Filters>) => void;
  onClear: () => void;
  children: ReactNode;
}

/** The filters of the list, without its search and its order. */
export function TopicFilters({ filters, onChange, onClear, children }: Props) {
  const said =
    filters.source.length > 2
      ? t.several(filters.source.length)
      : filters.source.map((s) => text.sources[s]).join(', ');
  return (
    <Stack gap={10} role="search" aria-label={t.label}>
      <div className={classes.pills}>
        {children}
        <DateFilter filters={filters} onChange={onChange} />
        <FilterPill label={t.source} value={said} width={200}>
          {() => (
            <Checkbox.Group
              value={filters.source}
              onChange={(v) => onChange({ source: v as Source[] })}
              aria-label={t.source}
            >
              <Stack gap={9} py={4}>
                {sources.map((s) => (
                  <Checkbox key={s} value={s} label={<SourceBadge source={s} />} size="sm" />
                ))}
              </Stack>
            </Checkbox.Group>
          )}
        </FilterPill>
        <AssistantFilter value={filters.assistant} onChange={(assistant) => onChange({ assistant })} />
        <MoreFilters filters={filters} onChange={onChange} />
      </div>
      <ActiveFilters filters={filters} onChange={onChange} onClear={onClear} />
    </Stack>
  );
}
