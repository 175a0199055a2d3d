import type { ReactNode } from 'react';
import classes from './PageBody.module.css';

interface Props {
  children: ReactNode;
  /** `text` for forms and prose, `wide` for tables. */
  width?: 'text' | 'wide';
}

/** The scrolling body of an ordinary page, with its margins. */
export function PageBody({ children, width = 'wide' }: Props) {
  return (
    <div className={classes.scroll}>
      <div className={classes.body} data-width={width}>
        {children}
      </div>
    </div>
  );
}
