import { ActionIcon, Anchor, FileButton, Textarea } from '@mantine/core';
import { IconMapPin, IconPaperclip, IconSend2 } from '@tabler/icons-react';
import { useLayoutEffect, useRef, useState } from 'react';
import { Link } from 'react-router';
import { Notice } from '@/parts/Notice';
import { text } from '@/text/en';
import { ScreenBubble } from './ScreenBubble';
import classes from './Simulator.module.css';
import { type BusinessNumber, type Phone, kindOf, uploadOf, useAct, useChat } from './control';

const t = text.simulator;

/** The phone of one person, with its chat with the business. */
export function PhoneScreen({ phone, number }: { phone: Phone; number: BusinessNumber }) {
  const chat = useChat(phone.id, number.id);
  const act = useAct();
  const [draft, setDraft] = useState('');
  const end = useRef<HTMLDivElement>(null);
  const messages = chat.data?.messages ?? [];
  const typing = chat.data?.typing === true;
  useLayoutEffect(() => {
    const box = end.current;
    if (box) box.scrollTop = box.scrollHeight;
  }, [messages.length, typing]);
  const say = (action: Record<string, unknown>) =>
    act.mutate({ path: `/phones/${phone.id}/messages`, body: { number_id: number.id, ...action } });
  const write = () => {
    const content = draft.trim();
    if (!content) return;
    say({ kind: 'text', text: content });
    setDraft('');
  };
  return (
    <section className={classes.phone} aria-label={t.screen(phone.name || t.noName)}>
      <header className={classes.bar}>
        <span className={classes.avatar} aria-hidden>
          {number.verified_name.charAt(0)}
        </span>
        <span>
          <strong>{number.verified_name}</strong>
          <small aria-live="polite">{typing ? t.typing : `+${number.phone}`}</small>
        </span>
      </header>
      <div className={classes.chat} ref={end} role="log" tabIndex={0} aria-label={t.screen(phone.name || t.noName)}>
        {messages.length === 0 && <p className={classes.nothing}>{t.empty}</p>}
        {messages.map((m) => (
          <ScreenBubble
            key={m.id}
            message={m}
            quoted={messages.find((x) => x.id === m.reply_to)}
            onTap={(choice) => say({ kind: 'tap', message_id: m.id, choice })}
            onReact={() => say({ kind: 'reaction', message_id: m.id, emoji: m.reaction ? '' : '👍' })}
          />
        ))}
      </div>
      <p className={classes.windowNote}>{chat.data?.window_open ? t.windowOpen : t.windowClosed}</p>
      {act.error && <Notice tone="danger">{act.error.message}</Notice>}
      <form
        className={classes.writer}
        onSubmit={(e) => {
          e.preventDefault();
          write();
        }}
      >
        <FileButton
          onChange={(file) =>
            file &&
            void uploadOf(file).then((upload) => say({ kind: kindOf(upload.mime_type), text: draft.trim(), upload }))
          }
        >
          {(props) => (
            <ActionIcon {...props} aria-label={t.attach}>
              <IconPaperclip size={18} />
            </ActionIcon>
          )}
        </FileButton>
        <ActionIcon aria-label={t.location} onClick={() => say({ kind: 'location', payload: t.place })}>
          <IconMapPin size={18} />
        </ActionIcon>
        <Textarea
          className={classes.field}
          autosize
          minRows={1}
          maxRows={4}
          aria-label={t.write}
          placeholder={t.write}
          value={draft}
          onChange={(e) => setDraft(e.currentTarget.value)}
          onKeyDown={(e) => {
            if (e.key !== 'Enter' || e.shiftKey || e.nativeEvent.isComposing) return;
            e.preventDefault();
            write();
          }}
        />
        <ActionIcon type="submit" variant="filled" color="teal.8" aria-label={t.send} disabled={!draft.trim()}>
          <IconSend2 size={18} />
        </ActionIcon>
      </form>
      <Anchor
        component={Link}
        size="xs"
        ta="center"
        p={6}
        to={`/conversations?source=whatsapp&contact=${encodeURIComponent(phone.phone && phone.identity !== 'user_id' ? `+${phone.phone}` : phone.name)}`}
      >
        {t.open}
      </Anchor>
    </section>
  );
}
