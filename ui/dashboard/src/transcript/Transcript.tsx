import { Fragment, type ReactNode, useMemo } from 'react';
import type { Message } from '@/api/types';
import type { LiveTurns } from '@/live/turnText';
import { LiveReply } from './LiveReply';
import { MessageItem } from './MessageItem';
import classes from './Transcript.module.css';
import { reactionsOn } from './payload';
import { type Names, timeline } from './timeline';

interface Props {
  messages: readonly Message[];
  turns?: LiveTurns;
  names: Names;
  /** Opens the trace of a turn; without it there is no such button. */
  onWhy?: (turn: string) => void;
  /** Answers with a suggested reply of the newest message; without it they are only shown. */
  onChoice?: (choice: string) => void;
  /** Chooses the message that the next one replies to; without it none can be chosen. */
  onReply?: (message: Message) => void;
  /** Makes an answer an example; without it none can be. */
  onExample?: (message: Message) => void;
  /** Whose messages stand at the right: those of this side (default), or the contact's. */
  mine?: 'desk' | 'contact';
  /** What stands below a message. */
  below?: (message: Message) => ReactNode;
}

/** What was said, by whom and when, to the second. */
export function Transcript({
  messages,
  turns = {},
  names,
  onWhy,
  onChoice,
  onReply,
  onExample,
  mine = 'desk',
  below,
}: Props) {
  const reactions = useMemo(() => reactionsOn(messages), [messages]);
  const items = useMemo(
    () => timeline(messages.filter((m) => m.type !== 'reaction' || !m.reply_to || !reactions.has(m.reply_to))),
    [messages, reactions],
  );
  const byId = useMemo(() => new Map(messages.map((m) => [m.id, m])), [messages]);
  const newest = messages.findLast((m) => m.role !== 'tool' && m.role !== 'system')?.id;
  return (
    <div className={classes.transcript} data-mine={mine}>
      {items.map((item) => (
        <Fragment key={item.key}>
          {item.kind === 'day' ? (
            <div className={classes.day}>
              <span>{item.name}</span>
            </div>
          ) : (
            <>
              <MessageItem
                message={item.message}
                joined={item.joined}
                names={names}
                quoted={item.message.reply_to ? byId.get(item.message.reply_to) : undefined}
                reactions={reactions.get(item.message.id)}
                onWhy={onWhy}
                onReply={onReply}
                onExample={onExample}
                onChoice={item.message.id === newest ? onChoice : undefined}
              />
              {below?.(item.message)}
            </>
          )}
        </Fragment>
      ))}
      {Object.values(turns).map((turn) => (
        <LiveReply key={turn.id} turn={turn} name={names.assistant} />
      ))}
    </div>
  );
}
