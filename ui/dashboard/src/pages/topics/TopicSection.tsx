import { Table, Text, Title } from '@mantine/core';
import { type ReactNode, useId } from 'react';
import { text } from '@/text/en';
import panel from '../settings/Panel.module.css';

const t = text.topics.columns;

interface Props {
  title: string;
  note: string;
  /** The column beside the trend, if not what was resolved. */
  outcome?: string;
  /** The column after the last, for who does not see it. */
  more?: string;
  children: ReactNode;
}

/** A table of topics with its title: where they come from, and their numbers. */
export function TopicSection({ title, note, outcome = t.resolved, more, children }: Props) {
  const id = useId();
  return (
    <section aria-labelledby={id}>
      <Title order={2} size="h3" id={id}>
        {title}
      </Title>
      <Text size="sm" c="dimmed" mb="xs">
        {note}
      </Text>
      <div className={`${panel.panel} ${panel.scroll}`} tabIndex={0} role="group" aria-labelledby={id}>
        <Table className={panel.table} verticalSpacing="sm">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t.topic}</Table.Th>
              <Table.Th>{t.conversations}</Table.Th>
              <Table.Th>{t.trend}</Table.Th>
              <Table.Th>{outcome}</Table.Th>
              <Table.Th>{t.handedOver}</Table.Th>
              <Table.Th>{t.cost}</Table.Th>
              {more && (
                <Table.Th>
                  <span className="sr-only">{more}</span>
                </Table.Th>
              )}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>{children}</Table.Tbody>
        </Table>
      </div>
    </section>
  );
}
