import { Table } from '@mantine/core';
import type { Topics } from '@/api/types';
import { text } from '@/text/en';
import type { Filters } from '../conversations/filters';
import { NumberCells } from './Numbers';
import { TopicSection } from './TopicSection';
import classes from './Topics.module.css';

const t = text.topics;

/** The topics that the evaluations of conversations name. */
export function EvaluatedTable({ topics, filters }: { topics: Topics; filters: Filters }) {
  return (
    <TopicSection title={t.evaluated} note={t.evaluatedNote}>
      {topics.evaluated.map((topic) => (
        <Table.Tr key={topic.name}>
          <Table.Td className={classes.topic}>
            <div className={classes.label}>{topic.name}</div>
          </Table.Td>
          <NumberCells
            numbers={topic}
            filters={{ ...filters, counted: { ...filters.counted, topic: topic.name } }}
            label={topic.name}
            period={topics.period}
          />
        </Table.Tr>
      ))}
    </TopicSection>
  );
}
