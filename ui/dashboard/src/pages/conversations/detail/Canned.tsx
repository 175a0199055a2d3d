import { Anchor } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { Link } from 'react-router';
import { Can } from '@/auth/Can';
import { text } from '@/text/en';
import classes from './Canned.module.css';
import type { CannedState } from './useCanned';

const t = text.desk.replies;

/** The canned replies that a slash offers, above the field in which it was typed. */
export function Canned({ state }: { state: CannedState }) {
  const list = useRef<HTMLUListElement>(null);
  const { open, options, at, id } = state;
  useEffect(() => {
    list.current?.children[at]?.scrollIntoView({ block: 'nearest' });
  }, [at]);
  if (!open) return null;
  return (
    <div className={classes.box}>
      {options.length === 0 ? (
        <p className={classes.none} role="status">
          {t.noMatch}
        </p>
      ) : (
        <ul ref={list} className={classes.list} role="listbox" id={id} aria-label={t.offer}>
          {options.map((reply, i) => (
            <li
              key={reply.id}
              id={`${id}-${i}`}
              role="option"
              aria-selected={i === at}
              className={classes.option}
              // The field keeps the focus.
              onMouseDown={(e) => e.preventDefault()}
              onClick={() => state.choose(i)}
            >
              <strong>/{reply.shortcut}</strong>
              <span>{reply.filled}</span>
            </li>
          ))}
        </ul>
      )}
      <Can permission="assistants:write">
        <p className={classes.foot}>
          <Anchor component={Link} to="/settings/replies" size="xs">
            {t.manage}
          </Anchor>
        </p>
      </Can>
    </div>
  );
}
