import type { Topics } from '@/api/types';
import { text } from '@/text/en';
import type { Filters } from '../conversations/filters';
import { TopicRow } from './TopicRow';
import { TopicSection } from './TopicSection';

const t = text.topics;

/** The topics that were found in the questions. */
export function TopicTable({ topics, filters }: { topics: Topics; filters: Filters }) {
  const outcome = topics.kind === 'unanswered' ? t.columns.why : t.columns.resolved;
  return (
    <TopicSection title={t.found} note={t.foundNote} outcome={outcome} more={t.columns.more}>
      {topics.data.map((topic) => (
        <TopicRow key={topic.id} topic={topic} period={topics.period} kind={topics.kind} filters={filters} />
      ))}
    </TopicSection>
  );
}
