import { Skeleton } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ErrorState } from '@/parts/ErrorState';
import { text } from '@/text/en';
import classes from './charts/Chart.module.css';

interface Props<T> {
  query: UseQueryResult<T>;
  title: string;
  children: (data: T) => ReactNode;
}

/** A part of the page that loads, and fails, by itself. */
export function Part<T>({ query, title, children }: Props<T>) {
  if (query.data !== undefined && !query.isError) return children(query.data);
  return (
    <section className={classes.card} aria-label={title} aria-busy={query.isPending || undefined}>
      {query.isError ? (
        <ErrorState error={query.error} title={text.analytics.failed} onRetry={() => void query.refetch()} />
      ) : (
        <>
          <Skeleton height={20} width={180} mb={18} />
          <Skeleton height={200} />
        </>
      )}
    </section>
  );
}
