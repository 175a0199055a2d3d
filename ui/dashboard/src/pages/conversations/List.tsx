import { Button, Skeleton } from '@mantine/core';
import { IconArrowUp } from '@tabler/icons-react';
import { type RefObject, useEffect, useRef } from 'react';
import { ErrorState } from '@/parts/ErrorState';
import { text } from '@/text/en';
import { EmptyList } from './EmptyList';
import classes from './List.module.css';
import { Row } from './Row';
import rowClasses from './Row.module.css';
import type { Choice } from './bulk/useChoice';
import type { useList } from './useList';

const t = text.conversations.list;
const columns = text.conversations.columns;

interface Props {
  state: ReturnType<typeof useList>;
  scroller: RefObject<HTMLDivElement | null>;
  selected: string;
  linkTo: (id: string) => string;
  filtered: boolean;
  choice: Choice;
  onClear: () => void;
}

/** The list itself: rows, what comes while they load, and what stands there when there are none. */
export function List({ state, scroller, selected, linkTo, filtered, choice, onClear }: Props) {
  const { list, rows, newer, refreshTop, cutShort } = state;
  // Opening a conversation makes the list narrow and its rows taller.
  useEffect(() => {
    if (!selected) return;
    const row = scroller.current?.querySelector(`[data-row="${CSS.escape(selected)}"]`);
    row?.scrollIntoView({ block: 'nearest' });
  }, [selected, scroller]);
  const showNewer = () => {
    scroller.current?.scrollTo({ top: 0 });
    refreshTop();
  };
  return (
    <div className={classes.list} aria-busy={list.isFetching}>
      {newer > 0 && (
        <Button
          className={classes.newer}
          size="compact-sm"
          radius="xl"
          leftSection={<IconArrowUp size={14} />}
          onClick={showNewer}
        >
          {newer > 1 ? t.newer(newer) : t.refresh}
        </Button>
      )}
      <div className={classes.scroller} ref={scroller} data-stale={list.isPlaceholderData || undefined}>
        <div
          className={rowClasses.head}
          data-choosing={choice.on || undefined}
          aria-hidden
          hidden={!list.isPending && rows.length === 0}
        >
          <span>{columns.source}</span>
          <span>{columns.contact}</span>
          <span>{columns.assistant}</span>
          <span>{rows[0]?.snippets ? columns.found : columns.lastMessage}</span>
          <span className={rowClasses.right}>{columns.messages}</span>
          <span className={rowClasses.right}>{columns.cost}</span>
          <span>{columns.status}</span>
          <span className={rowClasses.right}>{columns.lastActivity}</span>
        </div>
        {list.isPending ? (
          <Loading />
        ) : list.isError && rows.length === 0 ? (
          <ErrorState title={t.failed} error={list.error} onRetry={() => void list.refetch()} />
        ) : rows.length === 0 && !(cutShort && list.hasNextPage) ? (
          <EmptyList filtered={filtered} onClear={onClear} />
        ) : (
          <>
            <ol className={classes.rows} aria-label={t.label}>
              {rows.map((row) => (
                <Row
                  key={row.id}
                  row={row}
                  to={linkTo(row.id)}
                  selected={row.id === selected}
                  chosen={choice.on ? choice.has(row.id) : undefined}
                  onChoose={choice.toggle}
                />
              ))}
            </ol>
            <More state={state} scroller={scroller} />
          </>
        )}
      </div>
    </div>
  );
}

/** Reads on when the end of the list comes near, and says how that stands. */
function More({ state, scroller }: Pick<Props, 'state' | 'scroller'>) {
  const { list, rows, cutShort } = state;
  const mark = useRef<HTMLDivElement>(null);
  const { hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage } = list;
  useEffect(() => {
    const node = mark.current;
    if (!node || !hasNextPage || isFetchingNextPage || isFetchNextPageError) return;
    const watch = new IntersectionObserver((entries) => entries.some((e) => e.isIntersecting) && void fetchNextPage(), {
      root: scroller.current,
      rootMargin: '600px',
    });
    watch.observe(node);
    return () => watch.disconnect();
  }, [hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage, scroller, rows.length]);
  return (
    <div className={classes.more} ref={mark} role="status">
      {isFetchNextPageError && <span>{t.moreFailed}</span>}
      {hasNextPage ? (
        <Button variant="subtle" size="compact-sm" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {isFetchingNextPage && cutShort ? t.lookingFurther : t.loadMore}
        </Button>
      ) : (
        rows.length > 15 && <span>{t.end}</span>
      )}
    </div>
  );
}

function Loading() {
  return (
    <div role="status" aria-label={t.loading}>
      {Array.from({ length: 9 }, (_, i) => (
        <div key={i} className={classes.skeleton}>
          <Skeleton height={20} width={92} radius="xl" />
          <Skeleton height={12} width={`${14 + ((i * 7) % 9)}%`} />
          <Skeleton height={12} style={{ flex: 1 }} />
          <Skeleton height={12} width={64} />
        </div>
      ))}
    </div>
  );
}
