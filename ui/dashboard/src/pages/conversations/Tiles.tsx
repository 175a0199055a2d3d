import { Skeleton } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { api, data } from '@/api/client';
import type { Tiles as TilesData } from '@/api/types';
import { useLive } from '@/live/LiveProvider';
import { number, shortNumber } from '@/parts/number';
import { duration, viewerZone } from '@/parts/time';
import { text } from '@/text/en';
import classes from './Tiles.module.css';

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
  const client = useQueryClient();
  const query = useQuery({
    queryKey: ['conversations', 'tiles'],
    queryFn: ({ signal }) =>
      data(api.GET('/api/v1/conversations/tiles', { params: { query: { tz: viewerZone() } }, signal })),
  });
  // Any event may change a number; it is read again at most every five seconds.
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  useLive((event) => {
    if (event.type === 'delta' || event.type === 'turn') return;
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      void client.invalidateQueries({ queryKey: ['conversations', 'tiles'] });
    }, 5000);
  });
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
