import { Checkbox, Stack } from '@mantine/core';
import type { Source } from '@/api/types';
import { SourceBadge } from '@/parts/SourceBadge';
import { text } from '@/text/en';
import { sources } from '../filters';
import { FilterPill } from './FilterPill';

const t = text.conversations.filters;

interface Props {
  value: Source[];
  onChange: (value: Source[]) => void;
}

/** Several sources. */
export function SourceFilter({ value, onChange }: Props) {
  const said = value.length > 2 ? t.several(value.length) : value.map((s) => text.sources[s]).join(', ');
  return (
    <FilterPill label={t.source} value={said} width={200}>
      {() => (
        <Checkbox.Group value={value} onChange={(v) => onChange(v as Source[])} aria-label={t.source}>
          <Stack gap={9} py={4}>
            {sources.map((s) => (
              <Checkbox key={s} value={s} label={<SourceBadge source={s} />} size="sm" />
            ))}
          </Stack>
        </Checkbox.Group>
      )}
    </FilterPill>
  );
}
