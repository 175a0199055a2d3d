import { Fragment, useMemo } from 'react';
import type { Message } from '@/api/types';
import type { LiveTurns } from '@/live/turnText';
import { LiveReply } from './LiveReply';
import { MessageItem } from './MessageItem';
import classes from './Transcript.module.css';
import { type Names, timeline } from './timeline';

interface Props {
  messages: readonly Message[];
  turns?: LiveTurns;
  names: Names;
  /** Opens the trace of a turn; without it there is no such button. */
  onWhy?: (turn: string) => void;
}

/** What was said, by whom and when, to the second. */
export function Transcript({ messages, turns = {}, names, onWhy }: Props) {
  const items = useMemo(() => timeline(messages), [messages]);
  const byId = useMemo(() => new Map(messages.map((m) => [m.id, m])), [messages]);
  return (
    <div className={classes.transcript}>
      {items.map((item) => (
        <Fragment key={item.key}>
          {item.kind === 'day' ? (
            <h3 className={classes.day}>
              <span>{item.name}</span>
            </h3>
          ) : (
            <MessageItem
              message={item.message}
              joined={item.joined}
              names={names}
              quoted={item.message.reply_to ? byId.get(item.message.reply_to) : undefined}
              onWhy={onWhy}
            />
          )}
        </Fragment>
      ))}
      {Object.values(turns).map((turn) => (
        <LiveReply key={turn.id} turn={turn} name={names.assistant} />
      ))}
    </div>
  );
}
