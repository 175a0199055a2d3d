import { Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { api, data } from '@/api/client';
import type { TopicPeriod, Topic } from '@/api/types';
import { ErrorState } from '@/parts/ErrorState';
import { PageLoading } from '@/parts/PageLoading';
import { RelativeTime } from '@/parts/RelativeTime';
import { Tag } from '@/parts/Tag';
import { number } from '@/parts/number';
import { text } from '@/text/en';
import { type Filters, toQuery, writeFilters } from '../conversations/filters';
import { partText } from './Numbers';
import classes from './Topics.module.css';
import { listLink, partFilters } from './links';

const t = text.topics.detail;

interface Props {
  topic: Topic;
  period: TopicPeriod;
  /** Those of the list of the topic. */
  filters: Filters;
}

/** The words of a topic, its questions, and its trend as a table. */
export function TopicDetail({ topic, period, filters }: Props) {
  const { topic_id: _, sort: _sort, ...query } = toQuery(filters, new Date());
  const detail = useQuery({
    queryKey: ['topics', 'one', topic.id, query],
    queryFn: ({ signal }) =>
      data(api.GET('/api/v1/topics/{id}', { params: { path: { id: topic.id }, query }, signal })),
  });
  const search = writeFilters(filters);
  return (
    <div className={classes.detail}>
      <div>
        {topic.terms.length > 0 && (
          <>
            <Text size="sm" fw={560}>
              {t.terms}
            </Text>
            <div className={classes.terms}>
              {topic.terms.map((term) => (
                <Tag key={term}>{term}</Tag>
              ))}
            </div>
          </>
        )}
        <Text size="sm" fw={560}>
          {t.examples}
        </Text>
        {detail.error ? (
          <ErrorState error={detail.error} onRetry={() => void detail.refetch()} />
        ) : !detail.data ? (
          <PageLoading />
        ) : detail.data.examples.length === 0 ? (
          <Text size="sm" c="dimmed">
            {t.noExamples}
          </Text>
        ) : (
          <ul className={classes.examples}>
            {detail.data.examples.map((e) => (
              <li key={e.conversation_id}>
                <Link to={`/conversations/${e.conversation_id}?${search}`}>{e.text}</Link>{' '}
                <RelativeTime at={e.asked_at} className={classes.quiet} />
              </li>
            ))}
          </ul>
        )}
      </div>
      <Table className={classes.parts} withRowBorders={false} verticalSpacing={2}>
        <Table.Caption>{t.parts}</Table.Caption>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t.from}</Table.Th>
            <Table.Th>{t.count}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {topic.parts.map((n, i) => (
            <Table.Tr key={period.parts[i]}>
              <Table.Td>{partText(period, i)}</Table.Td>
              <Table.Td className="tabular">
                <Link to={listLink(filters, partFilters(period, i))}>{number(n)}</Link>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}
