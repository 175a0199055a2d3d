import { Checkbox, Select, Stack } from '@mantine/core';
import { IconArrowsSort } from '@tabler/icons-react';
import type { RefObject } from 'react';
import { SourceBadge } from '@/parts/SourceBadge';
import { text } from '@/text/en';
import type { Source } from '@/api/types';
import { type Filters, type Sort, sorts, sources } from '../filters';
import { ActiveFilters } from './ActiveFilters';
import { AssistantFilter } from './AssistantFilter';
import { Choice } from './Choice';
import { DateFilter } from './DateFilter';
import classes from './Filter.module.css';
import { FilterPill } from './FilterPill';
import { MoreFilters } from './MoreFilters';
import { SearchField } from './SearchField';

const t = text.conversations.filters;

interface Props {
  filters: Filters;
  onChange: (part: Partial<Filters>) => void;
  onClear: () => void;
  searchInput: RefObject<HTMLInputElement | null>;
  /** The name of the contact, where the filter holds an id. */
  contact?: string;
}

/** Search, filters and sort of the list. */
export function FilterBar({ filters, onChange, onClear, searchInput, contact }: Props) {
  const sourcesSaid =
    filters.source.length > 2
      ? t.several(filters.source.length)
      : filters.source.map((s) => text.sources[s]).join(', ');
  return (
    <Stack gap={10} role="search" aria-label={t.label}>
      <div className={classes.bar}>
        <SearchField value={filters.q} onChange={(q) => onChange({ q })} input={searchInput} />
        <div className={classes.pills}>
          <FilterPill label={t.source} value={sourcesSaid} width={200}>
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
          <FilterPill label={t.status} value={filters.status && text.conversations.status[filters.status]} width={160}>
            {(close) => (
              <Choice
                label={t.status}
                value={filters.status}
                options={[
                  { value: '', label: t.any },
                  { value: 'active', label: text.conversations.status.active },
                  { value: 'ended', label: text.conversations.status.ended },
                ]}
                onChange={(status) => {
                  onChange({ status });
                  close();
                }}
              />
            )}
          </FilterPill>
          <DateFilter filters={filters} onChange={onChange} />
          <MoreFilters filters={filters} onChange={onChange} />
          <Select
            className={classes.push}
            size="sm"
            radius="xl"
            w={178}
            style={{ flex: 'none' }}
            aria-label={text.conversations.sort.label}
            leftSection={<IconArrowsSort size={15} stroke={1.8} />}
            allowDeselect={false}
            value={filters.sort}
            onChange={(v) => onChange({ sort: v as Sort })}
            data={sorts.map((s) => ({ value: s, label: text.conversations.sort[s] }))}
          />
        </div>
      </div>
      <ActiveFilters filters={filters} onChange={onChange} onClear={onClear} contact={contact} />
    </Stack>
  );
}
