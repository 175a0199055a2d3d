import type { Props } from './props';

/** Replies to tap: those of the newest message, or those before the first. */
export function Suggestions({ visit, state, config, t }: Props) {
  const { log, outbox, conversation } = state;
  const choices =
    conversation?.last_message || log.messages.length ? (log.messages.at(-1)?.choices ?? []) : config.suggested;
  if (!choices.length || outbox.length || log.reply || log.due) return null;
  return (
    <div class="suggestions" role="group" aria-label={t('suggestions')}>
      {choices.map((c) => (
        <button key={c} type="button" onClick={() => visit.send(c)}>
          {c}
        </button>
      ))}
    </div>
  );
}
