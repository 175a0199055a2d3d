import type { CSSProperties, ReactNode } from 'react';
import type { Tag } from '@/api/types';
import classes from './TagMark.module.css';

/** A tag in its colour, readable in both schemes. */
export function TagMark({ tag, children }: { tag: Pick<Tag, 'name' | 'color'>; children?: ReactNode }) {
  return (
    <span className={classes.tag} style={{ '--c': tag.color } as CSSProperties} title={tag.name}>
      <span className={classes.name}>{tag.name}</span>
      {children}
    </span>
  );
}
