import { IconAlertTriangle, IconBulb, IconCornerUpLeft, IconHelpCircle } from '@tabler/icons-react';
import { memo } from 'react';
import type { Message } from '@/api/types';
import { clockTime, fullTime } from '@/parts/time';
import { text } from '@/text/en';
import { Attachments } from './Attachments';
import { DeliveryTick } from './DeliveryTick';
import { excerptOf, exemplary, quotable } from './excerpt';
import { Payload } from './Payload';
import payload from './Payload.module.css';
import { ToolCalls } from './ToolCalls';
import classes from './Transcript.module.css';
import { type Names, speaker } from './timeline';

const t = text.conversations.message;

interface Props {
  message: Message;
  joined: boolean;
  names: Names;
  quoted?: Message;
  reactions?: readonly Message[];
  onWhy?: (turn: string) => void;
  onChoice?: (choice: string) => void;
  onReply?: (message: Message) => void;
  onExample?: (message: Message) => void;
}

/** One entry of the log. */
export const MessageItem = memo(function MessageItem(props: Props) {
  const { message } = props;
  if (message.role === 'tool' && message.tool_calls.length > 0) return <Called {...props} />;
  return message.role === 'system' || message.role === 'tool' ? <Note {...props} /> : <Said {...props} />;
});

/** What the assistant did between what it said. */
function Called({ message: m, joined, names }: Props) {
  return (
    <div id={`m-${m.id}`} className={classes.message} data-role="assistant" data-joined={joined || undefined}>
      {!joined && <div className={classes.speaker}>{names.assistant}</div>}
      <ToolCalls calls={m.tool_calls} at={m.created_at} />
    </div>
  );
}

/** What a person or the assistant said. */
function Said({ message: m, joined, names, quoted, reactions = [], onWhy, onChoice, onReply, onExample }: Props) {
  return (
    <article
      id={`m-${m.id}`}
      aria-label={speaker(m, names)}
      className={classes.message}
      data-role={m.role}
      data-joined={joined || undefined}
    >
      {!joined && <div className={classes.speaker}>{speaker(m, names)}</div>}
      {quoted && (
        <blockquote className={classes.quoted} aria-label={t.replyTo}>
          {excerptOf(quoted)}
        </blockquote>
      )}
      <ToolCalls calls={m.tool_calls} />
      <Attachments attachments={m.attachments} />
      <Payload message={m} />
      <Body message={m} />
      {reactions.length > 0 && (
        <ul className={payload.reactions} aria-label={t.reactions}>
          {reactions.map((r) => (
            <li key={r.id}>{r.content}</li>
          ))}
        </ul>
      )}
      {m.choices.length > 0 && (
        <ul className={classes.choices} aria-label={t.choices}>
          {m.choices.map((c) => (
            <li key={c}>
              {onChoice ? (
                <button type="button" onClick={() => onChoice(c)}>
                  {c}
                </button>
              ) : (
                c
              )}
            </li>
          ))}
        </ul>
      )}
      {m.error && (
        <p className={classes.error}>
          <IconAlertTriangle size={14} stroke={1.9} aria-hidden /> {m.error.message}
        </p>
      )}
      <footer className={classes.meta}>
        <time dateTime={m.created_at} title={fullTime(m.created_at)} className="tabular">
          {clockTime(m.created_at)}
        </time>
        {m.edited_at && <span>{t.edited}</span>}
        {m.delivery && <DeliveryTick delivery={m.delivery} />}
        {m.role === 'assistant' && m.turn_id && onWhy && <Why turn={m.turn_id} label={t.why} onWhy={onWhy} />}
        {onReply && quotable(m) && (
          <button
            type="button"
            className={classes.reply}
            title={t.reply}
            aria-label={t.replyNamed(excerptOf(m).slice(0, 60))}
            onClick={() => onReply(m)}
          >
            <IconCornerUpLeft size={15} stroke={1.8} aria-hidden />
          </button>
        )}
        {onExample && exemplary(m) && (
          <button
            type="button"
            className={classes.reply}
            title={text.workshop.use.action}
            aria-label={text.workshop.use.actionNamed(excerptOf(m).slice(0, 60))}
            onClick={() => onExample(m)}
          >
            <IconBulb size={15} stroke={1.8} aria-hidden />
          </button>
        )}
      </footer>
    </article>
  );
}

function Body({ message: m }: { message: Message }) {
  if (m.deleted_at) return <p className={`${classes.bubble} ${classes.gone}`}>{t.deleted}</p>;
  if (!m.content) return null;
  // The server renders and sanitises; without that the text is shown as it is.
  if (m.html) return <div className={classes.bubble} data-bubble dangerouslySetInnerHTML={{ __html: m.html }} />;
  return (
    <p className={`${classes.bubble} ${classes.plain}`} data-bubble>
      {m.content}
    </p>
  );
}

/** What Parley itself noted: takeover, release, errors, the end. */
function Note({ message: m, onWhy }: Props) {
  const failed = m.error !== null;
  return (
    <div id={`m-${m.id}`} className={classes.note} data-failed={failed || undefined}>
      {failed && <IconAlertTriangle size={14} stroke={1.9} aria-hidden />}
      <span>
        {m.role === 'tool' ? `${t.toolResult}: ` : ''}
        {m.content || m.error?.message}
      </span>
      <time dateTime={m.created_at} title={fullTime(m.created_at)} className="tabular">
        {clockTime(m.created_at)}
      </time>
      {failed && m.turn_id && onWhy && <Why turn={m.turn_id} label={t.whyFailed} onWhy={onWhy} />}
    </div>
  );
}

function Why({ turn, label, onWhy }: { turn: string; label: string; onWhy: (turn: string) => void }) {
  return (
    <button type="button" className={classes.why} onClick={() => onWhy(turn)}>
      <IconHelpCircle size={14} stroke={1.8} aria-hidden /> {label}
    </button>
  );
}
