import { Skeleton } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ErrorState } from '@/parts/ErrorState';
import { text } from '@/text/en';
import classes from './charts/Chart.module.css';

interface Props<T> {
  query: UseQueryResult<T>;
  title: string;
  /** What can be chosen, which stays when the choice has failed. */
  controls?: ReactNode;
  children: (data: T) => ReactNode;
}

/** A part of the page that loads, and fails, by itself. */
export function Part<T>({ query, title, controls, children }: Props<T>) {
  if (query.data !== undefined && !query.isError) return children(query.data);
  return (
    <section className={classes.card} aria-label={title} aria-busy={query.isPending || undefined}>
      {query.isError ? (
        <>
          {controls && (
            <header className={classes.head}>
              <div className={classes.titles}>
                <h2>{title}</h2>
              </div>
              <div className={classes.controls}>{controls}</div>
            </header>
          )}
          <ErrorState error={query.error} title={text.analytics.failed} onRetry={() => void query.refetch()} />
        </>
      ) : (
        <>
          <Skeleton height={20} width={180} mb={18} />
          <Skeleton height={200} />
        </>
      )}
    </section>
  );
}
