import { useEffect } from 'preact/hooks';
import type { Conversation } from '../../protocol';
import { Icon } from './Icon';
import type { Props } from './props';

/** The visitor's earlier conversations. */
export function History({ visit, state, config, t }: Props) {
  useEffect(() => {
    visit.api
      .get<{ data: Conversation[] }>('/conversations')
      .then(({ data }) => visit.set({ conversations: data }))
      .catch(() => visit.set({ notice: { key: 'error_connection' } }));
  }, []);
  const back = () => visit.set({ view: 'chat', conversations: null });
  const date = new Intl.DateTimeFormat(config.locale, { dateStyle: 'medium', timeStyle: 'short' });
  return (
    <main class="scroll">
      <button class="link" type="button" onClick={back}>
        <Icon name="back" /> {t('back')}
      </button>
      <h3>{t('tab_history')}</h3>
      {state.conversations?.length === 0 && <p>{t('history_empty')}</p>}
      <ul class="history">
        {state.conversations?.map((c) => (
          <li key={c.id}>
            <button type="button" onClick={() => (visit.go(c), back())}>
              <span class="muted">{date.format(new Date(c.last_activity_at))}</span>
              <span dir="auto">{c.last_message?.content}</span>
            </button>
          </li>
        ))}
      </ul>
    </main>
  );
}
