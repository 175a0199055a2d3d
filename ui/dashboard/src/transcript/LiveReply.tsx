import type { ReactNode } from 'react';
import type { LiveTurn } from '@/live/turnText';
import { text } from '@/text/en';
import classes from './Transcript.module.css';

const t = text.conversations.message;

// The finished message comes rendered from the server; until then emphasis
// and code are enough for reading along.
function emphasised(source: string): ReactNode[] {
  return source.split(/(\*\*[^*\n]+\*\*|`[^`\n]+`|(?<![\w*])\*[^*\s][^*\n]*\*(?![\w*]))/).map((part, i) => {
    if (i % 2 === 0) return part;
    if (part.startsWith('**')) return <strong key={i}>{part.slice(2, -2)}</strong>;
    if (part.startsWith('*')) return <em key={i}>{part.slice(1, -1)}</em>;
    return <code key={i}>{part.slice(1, -1)}</code>;
  });
}

/** A reply in the making: its text so far, or what the assistant is doing. */
export function LiveReply({ turn, name }: { turn: LiveTurn; name: string }) {
  const state = turn.turn?.waiting
    ? t.waitingProvider
    : turn.turn?.retry
      ? t.retrying(turn.turn.retry)
      : turn.turn?.tool
        ? t.calling(turn.turn.tool)
        : '';
  return (
    <article className={classes.message} data-role="assistant" aria-busy="true" aria-label={t.writing(name)}>
      <div className={classes.speaker}>{name}</div>
      {turn.text && (
        <p className={`${classes.bubble} ${classes.plain} ${classes.streaming}`}>
          {emphasised(turn.text)}
          <span className={classes.caret} aria-hidden />
        </p>
      )}
      {(state || !turn.text) && (
        <p className={classes.doing}>
          <span className={classes.dots} aria-hidden>
            <i />
            <i />
            <i />
          </span>
          {state || t.thinking}
        </p>
      )}
    </article>
  );
}
