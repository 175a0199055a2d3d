import type { LiveTurn } from '@/live/turnText';
import { text } from '@/text/en';
import classes from './Transcript.module.css';

const t = text.conversations.message;

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
      <h4 className={classes.speaker}>{name}</h4>
      {turn.text && (
        <p className={`${classes.bubble} ${classes.plain} ${classes.streaming}`}>
          {turn.text}
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
