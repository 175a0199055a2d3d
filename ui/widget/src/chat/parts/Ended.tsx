import { useState } from 'preact/hooks';
import type { Conversation } from '../../protocol';
import type { Props } from './props';

/** What stands where one wrote, once a conversation has ended. */
export function Ended({ visit, state, config, t }: Props) {
  const [score, setScore] = useState(0);
  const [comment, setComment] = useState('');
  const { conversation } = state;
  if (!conversation) return null;

  const rate = async (e: Event) => {
    e.preventDefault();
    if (!score) return;
    try {
      visit.go(await visit.api.post<Conversation>(`/conversations/${conversation.id}/rating`, { score, comment }));
    } catch {
      visit.set({ notice: { key: 'error_connection' } });
    }
  };

  return (
    <div class="foot">
      <p role="status">{t(conversation.end_reason === 'inactivity' ? 'ended_inactivity' : 'ended')}</p>
      {config.rating &&
        (conversation.rating ? (
          <p role="status">{t('rating_thanks')}</p>
        ) : (
          <form onSubmit={(e) => void rate(e)}>
            <fieldset class="stars">
              <legend>{t('rating_title')}</legend>
              {[1, 2, 3, 4, 5].map((n) => (
                <label key={n} class={n <= score ? 'on' : ''}>
                  <input
                    type="radio"
                    name="score"
                    checked={n === score}
                    aria-label={t('rating_star', { count: n })}
                    onChange={() => setScore(n)}
                  />
                  <span aria-hidden="true">★</span>
                </label>
              ))}
            </fieldset>
            {score > 0 && (
              <>
                <label for="comment">{t('rating_comment')}</label>
                <textarea
                  id="comment"
                  rows={2}
                  maxLength={2000}
                  value={comment}
                  onInput={(e) => setComment(e.currentTarget.value)}
                />
                <button type="submit">{t('rating_send')}</button>
              </>
            )}
          </form>
        ))}
      <button class="primary" type="button" onClick={() => visit.go(null)}>
        {t('new_chat')}
      </button>
    </div>
  );
}
