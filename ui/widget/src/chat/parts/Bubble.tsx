import type { Message } from '../../protocol';
import { Avatar } from './Avatar';
import { File } from './File';
import type { Props } from './props';

/** A message of the transcript. */
export function Bubble({ visit, state, config, t, message: m }: Props & { message: Message }) {
  if (m.role === 'system') {
    if (m.event === 'ended') return null; // told below the transcript
    return m.event ? <p class="event">{t(m.event, { name: m.author?.name ?? '' })}</p> : null;
  }
  if (m.role === 'tool') return m.tools.length ? <p class="event">{t('tool', { name: m.tools.join(', ') })}</p> : null;
  const mine = m.role === 'user';
  const name = mine ? t('you') : (m.author?.name ?? config.assistant.name);
  const newest = mine && m.id === state.log.messages.findLast((o) => o.role === 'user')?.id;
  const time = new Intl.DateTimeFormat(config.locale, { timeStyle: 'short' }).format(new Date(m.created_at));
  return (
    <div class={`row ${m.role}`}>
      {m.role === 'operator' && <Avatar name={name} picture="" />}
      <div class="body">
        <span class={m.role === 'operator' ? 'who' : 'sr'}>{name}</span>
        {m.deleted_at ? (
          <p class="bubble muted">{t('deleted')}</p>
        ) : (
          m.html && <div class="bubble" dir="auto" dangerouslySetInnerHTML={{ __html: m.html }} />
        )}
        {!m.deleted_at && m.attachments.map((a) => <File key={a.id} {...{ visit, state, config, t }} file={a} />)}
        <span class="meta">
          <time dateTime={m.created_at}>{time}</time>
          {m.edited_at && ` · ${t('edited')}`}
          {newest && ` · ${t('delivered')}`}
        </span>
      </div>
    </div>
  );
}
