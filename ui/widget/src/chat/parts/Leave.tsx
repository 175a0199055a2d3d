import { useRef, useState } from 'preact/hooks';
import type { Conversation, Field } from '../../protocol';
import type { Problem } from '../core/api';
import { type Wrong, check } from '../core/form';
import { uuid } from '../core/uuid';
import { FormField } from './FormField';
import type { Props } from './props';

/** Outside of the hours: an e-mail address for somebody to answer to. */
export function Leave({ visit, state, config, t }: Props) {
  const [raw, setRaw] = useState<Record<string, string>>({});
  const [wrong, setWrong] = useState<Wrong>();
  const [failed, setFailed] = useState('');
  const id = useRef(uuid());
  const { hours } = config;
  const until =
    hours.opens_at &&
    new Intl.DateTimeFormat(config.locale, { weekday: 'long', hour: '2-digit', minute: '2-digit' }).format(
      new Date(hours.opens_at),
    );

  const field = (name: string, type: Field['type'], required = false) =>
    ({
      name,
      type,
      required,
      label: t(`leave_${name}`),
      max_length: name === 'message' ? config.limits.message_chars : 200,
    }) as Field; // nothing else is asked of these types
  const email = field('email', 'email', true);
  const fields = [email, field('name', 'text'), field('message', 'long_text')];

  const submit = async (e: Event) => {
    e.preventDefault();
    const found = check(email, raw.email ?? '');
    setWrong(found ?? undefined);
    if (found) return;
    try {
      const { conversation } = await visit.api.post<{ conversation: Conversation }>('/leave', {
        client_id: id.current,
        email: raw.email,
        name: raw.name || undefined,
        content: raw.message || undefined,
        language: navigator.language,
        page: location.origin + location.pathname,
      });
      visit.set({ view: 'left' });
      visit.go(conversation);
    } catch (error) {
      const p = error as Problem;
      if (p.what === 'values.email') setWrong({ key: 'field_email' });
      else setFailed(p.after ? t('error_rate', { count: p.after }) : t('error_unavailable'));
    }
  };

  return (
    <main class="scroll">
      {state.view === 'left' ? (
        <p class="center-note" role="status">
          {t('leave_thanks')}
        </p>
      ) : (
        <form noValidate onSubmit={(e) => void submit(e)} aria-labelledby="leave-title">
          <h3 id="leave-title">{t('leave_title')}</h3>
          <p>{hours.message}</p>
          {until && <p>{t('closed_until', { time: until })}</p>}
          <p class="error" role="alert">
            {failed}
          </p>
          {fields.map((f) => (
            <FormField
              key={f.name}
              field={f}
              t={t}
              value={raw[f.name] ?? ''}
              wrong={f === email ? wrong : undefined}
              onChange={(v) => setRaw((all) => ({ ...all, [f.name]: String(v) }))}
            />
          ))}
          <button class="primary" type="submit">
            {t('leave_send')}
          </button>
        </form>
      )}
      {(state.view === 'left' || state.conversation) && (
        <button class="link" type="button" onClick={() => visit.set({ view: 'chat' })}>
          {t('tab_chat')}
        </button>
      )}
    </main>
  );
}
