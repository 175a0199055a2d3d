import { ActionIcon, Table } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconChevronDown, IconChevronUp } from '@tabler/icons-react';
import { Link } from 'react-router';
import type { TopicPeriod, Topic, TopicKind } from '@/api/types';
import { number } from '@/parts/number';
import { text } from '@/text/en';
import { type Filters, signs } from '../conversations/filters';
import { NumberCells } from './Numbers';
import { TopicDetail } from './TopicDetail';
import classes from './Topics.module.css';
import { listLink } from './links';

const t = text.topics;

interface Props {
  topic: Topic;
  period: TopicPeriod;
  kind: TopicKind;
  filters: Filters;
}

/** A topic with its numbers, and its questions when it is opened. */
export function TopicRow({ topic, period, kind, filters }: Props) {
  const [opened, { toggle }] = useDisclosure(false);
  const label = topic.other ? t.other : topic.label;
  const own = { ...filters, topicId: topic.id };
  return (
    <>
      <Table.Tr>
        <Table.Td className={classes.topic}>
          <div className={classes.label}>
            {label} {topic.language && <span className={classes.language}>{topic.language}</span>}
          </div>
          <div className={classes.quiet}>{topic.other ? t.otherNote : topic.examples[0]?.text}</div>
        </Table.Td>
        <NumberCells
          numbers={topic}
          filters={own}
          label={label}
          period={period}
          outcome={kind === 'unanswered' ? <Why topic={topic} filters={own} label={label} /> : undefined}
        />
        <Table.Td>
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-expanded={opened}
            aria-label={opened ? t.detail.hide(label) : t.detail.show(label)}
            onClick={toggle}
          >
            {opened ? <IconChevronUp size={17} stroke={1.8} /> : <IconChevronDown size={17} stroke={1.8} />}
          </ActionIcon>
        </Table.Td>
      </Table.Tr>
      {opened && (
        <Table.Tr>
          <Table.Td colSpan={7}>
            <TopicDetail topic={topic} period={period} filters={own} />
          </Table.Td>
        </Table.Tr>
      )}
    </>
  );
}

function Why({ topic, filters, label }: { topic: Topic; filters: Filters; label: string }) {
  return (
    <ul className={classes.signs}>
      {signs
        .filter((s) => topic.signs[s] > 0)
        .map((s) => {
          const said = `${number(topic.signs[s])} ${t.signs[s]}`;
          return (
            <li key={s}>
              <Link to={listLink(filters, { unanswered: [s] })} aria-label={`${label}: ${said}`}>
                {said}
              </Link>
            </li>
          );
        })}
    </ul>
  );
}
