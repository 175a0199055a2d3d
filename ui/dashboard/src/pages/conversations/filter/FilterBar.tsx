import { Select, Stack } from '@mantine/core';
import { IconArrowsSort } from '@tabler/icons-react';
import type { RefObject } from 'react';
import { text } from '@/text/en';
import { type Filters, type Sort, sorts } from '../filters';
import { ActiveFilters } from './ActiveFilters';
import { AssistantFilter } from './AssistantFilter';
import { DateFilter } from './DateFilter';
import classes from './Filter.module.css';
import { MoreFilters } from './MoreFilters';
import { SearchField } from './SearchField';
import { SourceFilter } from './SourceFilter';
import { StatusFilter } from './StatusFilter';
import { TagFilter } from './TagFilter';

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
  return (
    <Stack gap={10} role="search" aria-label={t.label}>
      <div className={classes.bar}>
        <SearchField value={filters.q} onChange={(q) => onChange({ q })} input={searchInput} />
        <div className={classes.pills}>
          <SourceFilter value={filters.source} onChange={(source) => onChange({ source })} />
          <AssistantFilter value={filters.assistant} onChange={(assistant) => onChange({ assistant })} />
          <StatusFilter value={filters.status} onChange={(status) => onChange({ status })} />
          <TagFilter value={filters.tag} onChange={(tag) => onChange({ tag })} />
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
