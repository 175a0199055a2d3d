import { Button } from '@mantine/core';
import { IconArrowDown } from '@tabler/icons-react';
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { Conversation, Message } from '@/api/types';
import { ErrorState } from '@/parts/ErrorState';
import { PageLoading } from '@/parts/PageLoading';
import { text } from '@/text/en';
import { Settle } from '@/transcript/Settle';
import { Transcript } from '@/transcript/Transcript';
import type { useMessages } from '@/transcript/useMessages';
import { contactName } from '../names';
import classes from './Detail.module.css';

const t = text.conversations.detail;

// A ring around the message that fades.
function pointAt(target: HTMLElement) {
  const ring = (alpha: string) => `0 0 0 3px color-mix(in srgb, var(--p-selected-line) ${alpha}, transparent)`;
  const bubble = target.querySelector('[data-bubble]') ?? target;
  bubble.animate(
    [{ boxShadow: ring('70%') }, { boxShadow: ring('70%'), offset: 0.6 }, { boxShadow: ring('0%') }],
    2600,
  );
}

interface Props {
  conversation: Conversation;
  state: ReturnType<typeof useMessages>;
  onWhy: (turn: string) => void;
  /** Chooses what the next message replies to; none while nothing may be written. */
  onReply?: (message: Message) => void;
  /** Makes an answer an example of the assistant; none where that is not allowed. */
  onExample?: (message: Message) => void;
  /** The message to show; a new `n` points at it again. */
  pointed: { id: string; n: number };
}

/** The scrolling transcript. It stays at its end while somebody looks there, and only then. */
export function Messages({ conversation, state, onWhy, onReply, onExample, pointed }: Props) {
  const { query, messages, turns } = state;
  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const pinned = useRef(true);
  const [away, setAway] = useState(false);

  const toEnd = useCallback(() => {
    const box = scroller.current;
    if (box) box.scrollTop = box.scrollHeight;
  }, []);

  const loaded = messages !== undefined;
  useLayoutEffect(() => {
    if (!loaded) return;
    const target = pointed.id ? document.getElementById(`m-${pointed.id}`) : null;
    if (target) {
      pinned.current = false;
      target.scrollIntoView({ block: 'center' });
      pointAt(target);
    } else if (pointed.n === 0) {
      toEnd();
    }
  }, [loaded, pointed, toEnd]);

  // Pictures and replies in the making grow; the end stays in view.
  useEffect(() => {
    const node = content.current;
    if (!node) return;
    const watch = new ResizeObserver(() => pinned.current && toEnd());
    watch.observe(node);
    return () => watch.disconnect();
  }, [loaded, toEnd]);

  const onScroll = () => {
    const box = scroller.current;
    if (!box) return;
    const fromEnd = box.scrollHeight - box.scrollTop - box.clientHeight;
    pinned.current = fromEnd < 60;
    setAway(fromEnd > 400);
  };

  if (query.isPending) return <PageLoading />;
  if (!messages) {
    return <ErrorState title={t.messagesFailed} error={query.error} onRetry={() => void query.refetch()} />;
  }
  const empty = messages.length === 0 && Object.keys(turns).length === 0;
  return (
    <div className={classes.scrollBox}>
      <div
        className={classes.scroller}
        ref={scroller}
        onScroll={onScroll}
        role="log"
        aria-label={t.tabs.messages}
        aria-live="polite"
        tabIndex={0}
      >
        <div className={classes.content} ref={content}>
          {empty && <p className={classes.nothing}>{t.noMessages}</p>}
          <Transcript
            messages={messages}
            turns={turns}
            names={{ contact: contactName(conversation), assistant: conversation.assistant.name }}
            onWhy={onWhy}
            onReply={onReply}
            onExample={onExample}
            below={(m) => m.delivery === 'unknown' && <Settle conversation={conversation.id} message={m.id} />}
          />
        </div>
      </div>
      {away && (
        <Button
          className={classes.latest}
          size="compact-sm"
          radius="xl"
          variant="default"
          leftSection={<IconArrowDown size={14} />}
          onClick={toEnd}
        >
          {t.jumpToLatest}
        </Button>
      )}
    </div>
  );
}
