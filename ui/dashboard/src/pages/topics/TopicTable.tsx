import { Table, Text, Title } from '@mantine/core';
import type { Topics } from '@/api/types';
import { text } from '@/text/en';
import type { Filters } from '../conversations/filters';
import panel from '../settings/Panel.module.css';
import { TopicRow } from './TopicRow';

const t = text.topics;

/** The topics that were found in the questions. */
export function TopicTable({ topics, filters }: { topics: Topics; filters: Filters }) {
  const unanswered = topics.kind === 'unanswered';
  return (
    <section aria-labelledby="topics-found">
      <Title order={2} size="h3" id="topics-found">
        {t.found}
      </Title>
      <Text size="sm" c="dimmed" mb="xs">
        {t.foundNote}
      </Text>
      <div className={`${panel.panel} ${panel.scroll}`} tabIndex={0} role="group" aria-labelledby="topics-found">
        <Table className={panel.table} verticalSpacing="sm">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t.columns.topic}</Table.Th>
              <Table.Th>{t.columns.conversations}</Table.Th>
              <Table.Th>{t.columns.trend}</Table.Th>
              <Table.Th>{unanswered ? t.columns.why : t.columns.resolved}</Table.Th>
              <Table.Th>{t.columns.handedOver}</Table.Th>
              <Table.Th>{t.columns.cost}</Table.Th>
              <Table.Th>
                <span className="sr-only">{t.columns.more}</span>
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {topics.data.map((topic) => (
              <TopicRow key={topic.id} topic={topic} period={topics.period} kind={topics.kind} filters={filters} />
            ))}
          </Table.Tbody>
        </Table>
      </div>
    </section>
  );
}
