import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Bubble } from './Bubble';
import { Queued } from './Queued';
import { Reply } from './Reply';
import type { Props } from './props';

const near = 60; // pixels from the end that still count as the end

/** The transcript. It keeps to its end while the visitor is there. */
export function Log(props: Props) {
  const { visit, state, config, t } = props;
  const { conversation, log, outbox, open } = state;
  const box = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const [behind, setBehind] = useState(0);
  const last = log.messages.at(-1);

  const follow = () => {
    const e = box.current;
    if (e && open && atEnd.current) e.scrollTop = e.scrollHeight;
  };
  useLayoutEffect(follow, [log, outbox, open, state.typing]);

  useEffect(() => {
    if (last && last.role !== 'user' && !atEnd.current) setBehind((n) => n + 1);
  }, [last?.id]);

  useEffect(() => {
    const seq = last?.seq ?? 0;
    if (!conversation || !open || behind || document.hidden || seq <= conversation.read_seq || !conversation.unread)
      return;
    const timer = setTimeout(() => {
      void visit.api.post(`/conversations/${conversation.id}/read`, { seq }).catch(() => {});
    }, 400);
    return () => clearTimeout(timer);
  }, [last?.seq, open, behind, document.hidden, conversation?.id, conversation?.unread]);

  const scrolled = () => {
    const e = box.current!;
    atEnd.current = e.scrollHeight - e.scrollTop - e.clientHeight < near;
    if (atEnd.current) setBehind(0);
  };
  const down = () => {
    box.current!.scrollTop = box.current!.scrollHeight;
    box.current!.focus();
  };

  const days = new Intl.DateTimeFormat(config.locale, { dateStyle: 'long' });
  const day = (iso: string) => {
    const shown = days.format(new Date(iso));
    if (shown === days.format(Date.now())) return t('today');
    return shown === days.format(Date.now() - 86_400_000) ? t('yesterday') : shown;
  };
  let was = '';
  return (
    <div class="scroll-frame">
      <div
        class="scroll log"
        role="log"
        aria-live="off"
        aria-label={t('log')}
        tabIndex={0}
        ref={box}
        onScroll={scrolled}
        onLoadCapture={follow}
      >
        {config.hours.closed && <p class="event">{config.hours.message}</p>}
        {!conversation && config.greeting && (
          <div class="row assistant">
            <p class="bubble">{config.greeting}</p>
          </div>
        )}
        {log.messages.map((m) => {
          const now = day(m.created_at);
          const line = now !== was && <p class="day">{now}</p>;
          was = now;
          return [line, <Bubble key={m.id} {...props} message={m} />];
        })}
        <Reply {...props} />
        {outbox
          .filter((w) => !w.conversation || w.conversation === conversation?.id)
          .map((w) => (
            <Queued key={w.client_id} {...props} waiting={w} />
          ))}
        {state.typing && <p class="event">{t('typing', { name: state.typing })}</p>}
      </div>
      {behind > 0 && (
        <button class="newer" type="button" onClick={down}>
          {t('new_messages', { count: behind })}
        </button>
      )}
    </div>
  );
}
