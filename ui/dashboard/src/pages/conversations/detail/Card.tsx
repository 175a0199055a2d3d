import type { ReactNode } from 'react';
import classes from './Facts.module.css';

/** One group of facts with its heading. */
export function Card({ title, action, children }: { title: string; action?: ReactNode; children: ReactNode }) {
  return (
    <section className={classes.card}>
      <header className={classes.cardHead}>
        <h2>{title}</h2>
        {action}
      </header>
      {children}
    </section>
  );
}

/** Names and values, one a line. A value that is absent leaves its line out. */
export function Facts({ rows }: { rows: readonly { name: string; value: ReactNode }[] }) {
  return (
    <dl className={classes.facts}>
      {rows
        .filter((r) => r.value !== null && r.value !== undefined && r.value !== '')
        .map((r) => (
          <div key={r.name}>
            <dt>{r.name}</dt>
            <dd>{r.value}</dd>
          </div>
        ))}
    </dl>
  );
}
