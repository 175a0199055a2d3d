import { useLiveState } from '@/live/LiveProvider';
import { text } from '@/text/en';
import classes from './LiveBadge.module.css';

/** Whether the rows change by themselves at the moment. */
export function LiveBadge() {
  const state = useLiveState();
  return (
    <span className={classes.badge} data-state={state} role="status">
      {text.conversations.live[state]}
    </span>
  );
}
