import type { Waiting } from '../core/outbox';
import type { Props } from './props';

/** A message that has not been delivered. */
export function Queued({ visit, state, config, t, waiting: w }: Props & { waiting: Waiting }) {
  const again = () => {
    visit.outbox.change(w.client_id, { error: undefined });
    void visit.delivery.flush();
  };
  return (
    <div class="row user">
      <div class="body">
        <span class="sr">{t('you')}</span>
        {w.content && (
          <p class="bubble plain dimmed" dir="auto">
            {w.content}
          </p>
        )}
        {w.attachments.map((a) => (
          <p key={a.id} class="bubble dimmed">
            {a.name}
          </p>
        ))}
        {w.error ? (
          <span class="meta error">
            {t(w.error, { count: config.limits.message_chars })}{' '}
            <button class="link" type="button" onClick={again}>
              {t('retry')}
            </button>{' '}
            <button class="link" type="button" onClick={() => visit.outbox.remove(w.client_id)}>
              {t('cancel')}
            </button>
          </span>
        ) : (
          <span class="meta">{t(state.online && state.connected ? 'sending' : 'queued')}</span>
        )}
      </div>
    </div>
  );
}
