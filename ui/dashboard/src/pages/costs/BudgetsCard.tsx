import { Button, Group, Progress } from '@mantine/core';
import { useId, useState } from 'react';
import { Link } from 'react-router';
import type { Budget, Budgets } from '@/api/types';
import { useCan } from '@/auth/useMe';
import { Tag } from '@/parts/Tag';
import { number, percent } from '@/parts/number';
import { text } from '@/text/en';
import { Part } from '../analytics/Part';
import chart from '../analytics/charts/Chart.module.css';
import { credits, inZone } from '../analytics/format';
import { BudgetForm } from './BudgetForm';
import classes from './Costs.module.css';
import { daysLeft, shareOf } from './budget';
import { useBudgets } from './queries';

const t = text.costs.budgets;
const tones = { within: 'good', warning: 'warn', spent: 'danger' } as const;
const colors = { within: 'teal.7', warning: 'orange.6', spent: 'red.7' } as const;

/** What may be spent this month, and what is; an owner or admin can change it. */
export function BudgetsCard() {
  const budgets = useBudgets();
  const may = useCan('settings:write');
  const id = useId();
  // The budget that is changed; 'new' for one of an assistant.
  const [open, setOpen] = useState<Budget | 'new' | null>(null);
  return (
    <Part query={budgets} title={t.title}>
      {(d) => (
        <section className={chart.card} aria-labelledby={id}>
          <header className={chart.head}>
            <div className={chart.titles}>
              <h2 id={id}>{t.title}</h2>
              <p>
                {t.note(inZone(d.starts_at, d.time_zone, { month: 'long', year: 'numeric' }), d.time_zone)}{' '}
                {t.left(daysLeft(d, new Date()))}
              </p>
            </div>
            {may && (
              <Group gap="xs">
                {d.data[0] && d.data[0].credits === null && (
                  <Button size="xs" variant="default" onClick={() => setOpen(d.data[0] ?? null)}>
                    {t.set}
                  </Button>
                )}
                <Button size="xs" variant="default" onClick={() => setOpen('new')}>
                  {t.add}
                </Button>
              </Group>
            )}
          </header>
          <ul className={classes.budgets}>
            {d.data.map((b) => (
              <Line key={b.assistant?.id ?? ''} budget={b} onEdit={may ? () => setOpen(b) : undefined} />
            ))}
          </ul>
          {open && <BudgetForm budget={open === 'new' ? null : open} taken={taken(d)} onClose={() => setOpen(null)} />}
        </section>
      )}
    </Part>
  );
}

const taken = (d: Budgets): ReadonlySet<string> =>
  new Set(d.data.flatMap((b) => (b.assistant ? [b.assistant.id] : [])));

function Line({ budget: b, onEdit }: { budget: Budget; onEdit?: () => void }) {
  const name = b.assistant?.name ?? t.workspace;
  const spent = credits(Number(b.spent));
  const share = shareOf(b);
  return (
    <li className={classes.budget}>
      <div className={classes.head}>
        <span className={classes.name}>
          {b.assistant ? <Link to={`/assistants/${b.assistant.id}`}>{name}</Link> : name}
        </span>
        {b.state ? <Tag tone={tones[b.state]}>{t.states[b.state]}</Tag> : <Tag>{t.none}</Tag>}
        <span className={`${classes.amount} tabular`}>
          {b.credits === null ? t.spent(spent) : t.of(spent, credits(Number(b.credits)))}
          {share !== null && ` · ${percent(share)}`}
        </span>
        {onEdit && b.credits !== null && (
          <Button
            className={classes.edit}
            size="compact-sm"
            variant="subtle"
            aria-label={t.change(name)}
            onClick={onEdit}
          >
            {t.edit}
          </Button>
        )}
      </div>
      {share !== null && b.state && (
        <Progress.Root size={10} className={classes.bar}>
          <Progress.Section
            value={Math.min(share * 100, 100)}
            color={colors[b.state]}
            aria-label={t.bar(name, percent(share))}
          />
        </Progress.Root>
      )}
      {b.state === 'spent' && <p className={classes.help}>{t.spentHelp}</p>}
      {b.unpriced_calls > 0 && (
        <p className={classes.help}>{t.unpriced(number(b.unpriced_calls), b.unpriced_calls === 1)}</p>
      )}
    </li>
  );
}
