import { useEffect, useRef, useState } from 'preact/hooks';
import { save } from './files';
import { focusOn } from './focus';
import type { Props } from './props';

/** What is behind the button with three dots. */
export function Menu({ visit, state, t, done }: Props & { done: () => void }) {
  const [asked, ask] = useState<'start_over' | 'end' | null>(null);
  const first = useRef<HTMLDivElement>(null);
  useEffect(() => first.current?.querySelector('button')?.focus(), [asked]);
  const { conversation } = state;

  const end = async () => {
    done();
    try {
      const ended = await visit.api.post<never>(`/conversations/${conversation?.id}/end`, {});
      visit.go(asked === 'start_over' ? null : ended);
      visit.set({ view: 'chat' });
      focusOn(visit.host.root);
    } catch {
      visit.set({ notice: { key: 'error_connection' } });
    }
  };
  const transcript = () => {
    done();
    const tz = encodeURIComponent(Intl.DateTimeFormat().resolvedOptions().timeZone);
    void save(visit, `/conversations/${conversation?.id}/transcript?tz=${tz}`, 'conversation.txt');
  };
  const keys = (e: KeyboardEvent) => {
    if (e.key !== 'Escape') return;
    e.stopPropagation();
    done();
  };

  if (asked) {
    const what = t(asked === 'end' ? 'end_chat' : asked);
    return (
      <div class="menu" ref={first} onKeyDown={keys} role="group" aria-label={what}>
        <p>{t(`${asked}_confirm`)}</p>
        <button type="button" class="primary" onClick={() => void end()}>
          {what}
        </button>
        <button type="button" onClick={done}>
          {t('cancel')}
        </button>
      </div>
    );
  }
  return (
    <div class="menu" ref={first} onKeyDown={keys} role="group" aria-label={t('menu')}>
      <button
        type="button"
        onClick={() => {
          visit.keep.write({ sound: !state.sound });
          visit.set({ sound: !state.sound });
          done();
        }}
      >
        {t(state.sound ? 'sound_off' : 'sound_on')}
      </button>
      <button type="button" onClick={() => (visit.set({ view: 'history' }), done())}>
        {t('tab_history')}
      </button>
      {conversation && (
        <button type="button" onClick={transcript}>
          {t('transcript')}
        </button>
      )}
      {conversation?.status === 'active' && (
        <>
          <button type="button" onClick={() => ask('start_over')}>
            {t('start_over')}
          </button>
          <button type="button" onClick={() => ask('end')}>
            {t('end_chat')}
          </button>
        </>
      )}
    </div>
  );
}
