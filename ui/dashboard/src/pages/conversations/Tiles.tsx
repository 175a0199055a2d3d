import { Skeleton } from '@mantine/core';
import type { Tiles as TilesData } from '@/api/types';
import { number, shortNumber } from '@/parts/number';
import { duration } from '@/parts/time';
import { text } from '@/text/en';
import classes from './Tiles.module.css';
import { useTiles } from './useTiles';

const t = text.conversations.tiles;

const tiles: { label: string; value: (d: TilesData) => string; exact?: (d: TilesData) => string }[] = [
  { label: t.conversations, value: (d) => shortNumber(d.conversations), exact: (d) => number(d.conversations) },
  { label: t.last7Days, value: (d) => shortNumber(d.last_7_days), exact: (d) => number(d.last_7_days) },
  {
    label: t.assistantMessages,
    value: (d) => shortNumber(d.assistant_messages),
    exact: (d) => number(d.assistant_messages),
  },
  { label: t.averageDuration, value: (d) => duration(d.average_duration_seconds) },
];

/** The numbers above the list. */
export function Tiles() {
  const query = useTiles();
  if (query.isError && !query.data) return null;
  return (
    <dl className={classes.tiles} aria-label={t.label}>
      {tiles.map(({ label, value, exact }) => (
        <div key={label} className={classes.tile}>
          <dt>{label}</dt>
          <dd className="tabular" title={query.data && exact?.(query.data)}>
            {query.data ? value(query.data) : <Skeleton height={26} width={72} />}
          </dd>
        </div>
      ))}
    </dl>
  );
}
