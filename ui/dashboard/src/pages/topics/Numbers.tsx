import { Table } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import type { EvaluatedTopic, TopicPeriod, Topic } from '@/api/types';
import { Credits } from '@/parts/Credits';
import { number, percent } from '@/parts/number';
import { text } from '@/text/en';
import { inZone } from '../analytics/format';
import type { Filters } from '../conversations/filters';
import { listLink, partFilters, partOf } from './links';
import classes from './Topics.module.css';

const t = text.topics;

interface Props {
  numbers: Topic | EvaluatedTopic;
  /** Those of the list of the topic. */
  filters: Filters;
  /** What the numbers are about, for who does not see the row. */
  label: string;
}

interface CellProps extends Props {
  period: TopicPeriod;
  /** What stands in place of what was resolved. */
  outcome?: ReactNode;
}

/** The numbers of a topic as cells of its row. */
export function NumberCells({ period, outcome, ...numbers }: CellProps) {
  return (
    <>
      <Table.Td>
        <Count {...numbers} />
      </Table.Td>
      <Table.Td>
        <Trend numbers={numbers.numbers} filters={numbers.filters} period={period} />
      </Table.Td>
      <Table.Td>{outcome ?? <Resolved {...numbers} />}</Table.Td>
      <Table.Td>
        <HandedOver {...numbers} />
      </Table.Td>
      <Table.Td>
        <Cost {...numbers} />
      </Table.Td>
    </>
  );
}

/** How many conversations, and how that has changed. */
function Count({ numbers: n, filters, label }: Props) {
  return (
    <>
      <Link className={classes.count} to={listLink(filters, {})} aria-label={t.opens(number(n.conversations), label)}>
        {number(n.conversations)}
      </Link>
      {n.previous !== null && (
        <div className={classes.quiet} title={t.change.title(number(n.previous))}>
          {changeText(n.conversations, n.previous)}
        </div>
      )}
    </>
  );
}

/** A change against the period before, in words. */
export function changeText(now: number, before: number): string {
  if (before === 0) return now === 0 ? t.change.same : t.change.fresh;
  const by = (now - before) / before;
  if (Math.abs(by) < 0.005) return t.change.same;
  return by > 0 ? t.change.more(percent(by)) : t.change.less(percent(-by));
}

/** The rate of what was resolved of what was evaluated, with the rest beside it. */
function Resolved({ numbers: n, filters, label }: Props) {
  const not = n.evaluated - n.resolved;
  const rest = n.conversations - n.evaluated;
  if (n.evaluated === 0) return <span className={classes.quiet}>{t.rate.none}</span>;
  // A link takes the place of the page's own filter, so that nothing must not open what there is without it.
  const part = (count: number, what: string, resolved: boolean) =>
    count === 0 ? (
      what
    ) : (
      <Link to={listLink(filters, { flags: { resolved } })} aria-label={`${label}: ${what}`}>
        {what}
      </Link>
    );
  return (
    <>
      <span className="tabular">{partOf(n.resolved, n.evaluated)}</span>
      <div className={classes.quiet}>
        {part(n.resolved, t.rate.yes(number(n.resolved)), true)} · {part(not, t.rate.no(number(not)), false)}
        {rest > 0 && <> · {t.rate.rest(number(rest))}</>}
      </div>
    </>
  );
}

/** The rate of what was handed over. */
function HandedOver({ numbers: n, filters, label }: Props) {
  const said = t.rate.handed(number(n.handed_over));
  return (
    <>
      <span className="tabular">{partOf(n.handed_over, n.conversations)}</span>
      {n.handed_over > 0 && (
        <div className={classes.quiet}>
          <Link to={listLink(filters, { flags: { handed_over: true } })} aria-label={`${label}: ${said}`}>
            {said}
          </Link>
        </div>
      )}
    </>
  );
}

/** What the conversations cost together; the list has the dearest first. */
function Cost({ numbers: n, filters, label }: Props) {
  return (
    <Link className={classes.cost} to={listLink(filters, { sort: '-credits' })}>
      <span className="sr-only">{`${label}, ${t.columns.cost}: `}</span>
      <Credits credits={n.cost.credits} complete={n.cost.complete} />
    </Link>
  );
}

/**
 * The conversations over the period as bars. It is for the eye and the mouse:
 * the same numbers are a table in the topic's details.
 */
function Trend({ numbers: n, filters, period }: Omit<Props, 'label'> & { period: TopicPeriod }) {
  const most = Math.max(...n.parts, 1);
  return (
    <div className={classes.trend} aria-hidden>
      {n.parts.map((count, i) => (
        <Link
          key={period.parts[i]}
          tabIndex={-1}
          className={classes.bar}
          to={listLink(filters, partFilters(period, i))}
          title={`${partText(period, i)}: ${number(count)}`}
        >
          <span style={{ height: `${Math.max((100 * count) / most, count > 0 ? 6 : 2)}%` }} />
        </Link>
      ))}
    </div>
  );
}

/** When a part of the period is. */
export function partText(period: TopicPeriod, part: number): string {
  return inZone(period.parts[part] ?? '', period.time_zone, { dateStyle: 'medium', timeStyle: 'short' });
}
