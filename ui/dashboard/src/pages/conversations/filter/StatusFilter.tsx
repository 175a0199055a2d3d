import { text } from '@/text/en';
import type { Filters } from '../filters';
import { Choice } from './Choice';
import { FilterPill } from './FilterPill';

const t = text.conversations.filters;

interface Props {
  value: Filters['status'];
  onChange: (value: Filters['status']) => void;
}

/** Active or ended. */
export function StatusFilter({ value, onChange }: Props) {
  return (
    <FilterPill label={t.status} value={value && text.conversations.status[value]} width={160}>
      {(close) => (
        <Choice
          label={t.status}
          value={value}
          options={[
            { value: '', label: t.any },
            { value: 'active', label: text.conversations.status.active },
            { value: 'ended', label: text.conversations.status.ended },
          ]}
          onChange={(status) => {
            onChange(status);
            close();
          }}
        />
      )}
    </FilterPill>
  );
}
