import { Button, Group, Progress, Text } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import type { TopicRun } from '@/api/types';
import { useCan } from '@/auth/useMe';
import { Notice } from '@/parts/Notice';
import { number } from '@/parts/number';
import { fullTime } from '@/parts/time';
import { text } from '@/text/en';
import classes from './Topics.module.css';
import { useRefresh } from './useTopics';

const t = text.topics.run;

/** How old the topics are, and how far a new grouping has come. */
export function RunStatus({ run }: { run: TopicRun }) {
  const may = useCan('conversations:write');
  const refresh = useRefresh();
  const busy = run.phase !== 'idle';
  return (
    <>
      <Group gap="sm" justify="space-between">
        <Text size="sm" component="div" role="status">
          {busy ? (
            <>
              {t.phases[run.phase]} {run.total > 0 && t.progress(number(run.done), number(run.total))}
            </>
          ) : run.finished_at ? (
            <>
              {t.asOf} <time dateTime={run.finished_at}>{fullTime(run.finished_at)}</time>,{' '}
              {t.of(number(run.conversations))}
            </>
          ) : (
            t.never
          )}
        </Text>
        {may && (
          <Button
            size="sm"
            variant="default"
            leftSection={<IconRefresh size={15} stroke={1.8} aria-hidden />}
            loading={refresh.isPending}
            disabled={busy}
            onClick={() => refresh.mutate()}
          >
            {t.refresh}
          </Button>
        )}
      </Group>
      {busy && (
        <Progress
          className={classes.progress}
          value={run.total > 0 ? (100 * run.done) / run.total : 100}
          animated={run.total === 0}
          aria-label={t.phases[run.phase]}
        />
      )}
      {run.error && (
        <Notice tone="warn" title={t.failed}>
          {run.error}
        </Notice>
      )}
    </>
  );
}
