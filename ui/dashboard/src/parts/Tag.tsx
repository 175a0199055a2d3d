import type { ReactNode } from 'react';
import classes from './Tag.module.css';

interface Props {
  tone?: 'quiet' | 'accent' | 'good' | 'warn' | 'danger';
  children: ReactNode;
}

/** A short state in a colour that keeps its contrast in both schemes. */
export function Tag({ tone = 'quiet', children }: Props) {
  return (
    <span className={classes.tag} data-tone={tone}>
      {children}
    </span>
  );
}
