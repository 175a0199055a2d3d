import { SegmentedControl, Stack, Text } from '@mantine/core';
import { IconMessageQuestion } from '@tabler/icons-react';
import type { TopicKind, Topics } from '@/api/types';
import { EmptyState } from '@/parts/EmptyState';
import { ErrorState } from '@/parts/ErrorState';
import { PageBody } from '@/parts/PageBody';
import { PageHeader } from '@/parts/PageHeader';
import { PageLoading } from '@/parts/PageLoading';
import { text } from '@/text/en';
import { Sections } from '../analytics/Sections';
import type { Filters } from '../conversations/filters';
import { EvaluatedTable } from './EvaluatedTable';
import { listFilters } from './links';
import { RunStatus } from './RunStatus';
import { TopicFilters } from './TopicFilters';
import { TopicTable } from './TopicTable';
import { useTopicPage, useTopics } from './useTopics';

const t = text.topics;

/** What people ask: by topic, with the conversations behind each number. */
export default function TopicsPage() {
  const { filters, period, query, kind, search, change, setPeriod, choose, clear } = useTopicPage();
  const topics = useTopics(query, kind);
  const zone = topics.data?.period.time_zone ?? '';
  return (
    <PageBody>
      <PageHeader
        title={t.title}
        note={
          <>
            {t.note} {zone && text.analytics.note(zone)}
          </>
        }
        actions={<Sections current="/analytics/topics" search={search} />}
      />
      {topics.data && <RunStatus run={topics.data.run} />}
      <Stack gap={10}>
        <TopicFilters
          filters={filters}
          period={period}
          zone={zone}
          onChange={change}
          onPeriod={setPeriod}
          onClear={clear}
        >
          <SegmentedControl
            size="sm"
            aria-label={t.kind}
            value={kind}
            onChange={(v) => choose(v as TopicKind)}
            data={(['asked', 'unanswered'] as const).map((v) => ({ value: v, label: t.kinds[v] }))}
          />
        </TopicFilters>
        <Text size="sm" c="dimmed">
          {t.kindNotes[kind]}
        </Text>
      </Stack>
      {topics.error && !topics.data ? (
        <ErrorState error={topics.error} onRetry={() => void topics.refetch()} />
      ) : topics.data ? (
        <Tables topics={topics.data} filters={listFilters(filters, topics.data.period)} />
      ) : (
        <PageLoading />
      )}
    </PageBody>
  );
}

function Tables({ topics, filters }: { topics: Topics; filters: Filters }) {
  const never = topics.run.finished_at === null;
  const evaluated = topics.kind === 'asked' && topics.evaluated.length > 0;
  if (topics.data.length === 0 && !evaluated) {
    return (
      <EmptyState icon={IconMessageQuestion} title={never ? t.empty.never : t.empty.none}>
        {never ? t.empty.neverBody : t.empty.noneBody}
      </EmptyState>
    );
  }
  return (
    <>
      {topics.data.length > 0 && <TopicTable topics={topics} filters={filters} />}
      {evaluated && <EvaluatedTable topics={topics} filters={filters} />}
    </>
  );
}
