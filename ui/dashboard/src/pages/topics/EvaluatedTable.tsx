import { Table, Text, Title } from '@mantine/core';
import type { Topics } from '@/api/types';
import { text } from '@/text/en';
import type { Filters } from '../conversations/filters';
import panel from '../settings/Panel.module.css';
import { Cost, Count, HandedOver, Resolved, Trend } from './Numbers';
import classes from './Topics.module.css';

const t = text.topics;

/** The topics that the evaluations of conversations name. */
export function EvaluatedTable({ topics, filters }: { topics: Topics; filters: Filters }) {
  return (
    <section aria-labelledby="topics-evaluated">
      <Title order={2} size="h3" id="topics-evaluated">
        {t.evaluated}
      </Title>
      <Text size="sm" c="dimmed" mb="xs">
        {t.evaluatedNote}
      </Text>
      <div className={`${panel.panel} ${panel.scroll}`} tabIndex={0} role="group" aria-labelledby="topics-evaluated">
        <Table className={panel.table} verticalSpacing="sm">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t.columns.topic}</Table.Th>
              <Table.Th>{t.columns.conversations}</Table.Th>
              <Table.Th>{t.columns.trend}</Table.Th>
              <Table.Th>{t.columns.resolved}</Table.Th>
              <Table.Th>{t.columns.handedOver}</Table.Th>
              <Table.Th>{t.columns.cost}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {topics.evaluated.map((topic) => {
              const own = { ...filters, counted: { ...filters.counted, topic: topic.name } };
              const numbers = { numbers: topic, filters: own, label: topic.name };
              return (
                <Table.Tr key={topic.name}>
                  <Table.Td className={classes.topic}>
                    <div className={classes.label}>{topic.name}</div>
                  </Table.Td>
                  <Table.Td>
                    <Count {...numbers} />
                  </Table.Td>
                  <Table.Td>
                    <Trend numbers={topic} filters={own} period={topics.period} />
                  </Table.Td>
                  <Table.Td>
                    <Resolved {...numbers} />
                  </Table.Td>
                  <Table.Td>
                    <HandedOver {...numbers} />
                  </Table.Td>
                  <Table.Td>
                    <Cost {...numbers} />
                  </Table.Td>
                </Table.Tr>
              );
            })}
          </Table.Tbody>
        </Table>
      </div>
    </section>
  );
}
