import { Button } from '@mantine/core';
import { type ReactNode, useCallback, useEffect, useRef, useState } from 'react';
import type { Conversation, Message } from '@/api/types';
import { useLiveState } from '@/live/LiveProvider';
import { WhyDrawer } from '@/pages/conversations/detail/WhyDrawer';
import { ErrorState } from '@/parts/ErrorState';
import { PageLoading } from '@/parts/PageLoading';
import { text } from '@/text/en';
import { Transcript } from '@/transcript/Transcript';
import { useMessages } from '@/transcript/useMessages';
import classes from './TestChat.module.css';
import { TurnTrace } from './TurnTrace';

const t = text.testchat;

interface Props {
  conversation: Conversation;
  onSay: (content: string) => void;
}

/** What was said in the test conversation, with the trace of each answer. */
export function ChatLog({ conversation, onSay }: Props) {
  const { query, messages, turns } = useMessages(conversation.id);
  const [why, setWhy] = useState<string | null>(null);
  const live = useLiveState();
  const traced = useTraced(messages ?? []);
  const below = useCallback(
    (message: Message) =>
      traced.has(message.id) && message.turn_id ? (
        <TurnTrace conversation={conversation.id} turn={message.turn_id} onWhy={setWhy} />
      ) : null,
    [traced, conversation.id],
  );
  if (query.error && !messages) {
    return <ErrorState title={t.loadFailed} error={query.error} onRetry={() => void query.refetch()} />;
  }
  if (!messages) return <PageLoading />;
  const running = Object.keys(turns).length > 0;
  const retry = running ? undefined : unanswered(messages);
  return (
    <StayAtEnd>
      <Transcript
        messages={messages}
        turns={turns}
        names={{ contact: t.you, assistant: conversation.assistant.name }}
        onChoice={conversation.status === 'active' ? onSay : undefined}
        mine="contact"
        below={below}
      />
      {retry && (
        <Button size="compact-sm" variant="default" onClick={() => onSay(retry)} className={classes.retry}>
          {t.retry}
        </Button>
      )}
      {live === 'lost' && (
        <p className={classes.lost} role="status">
          {t.reconnecting}
        </p>
      )}
      <WhyDrawer conversation={conversation} turn={why} onClose={() => setWhy(null)} />
    </StayAtEnd>
  );
}

// The last message of each finished turn of the assistant carries its trace.
function useTraced(messages: readonly Message[]): ReadonlySet<string> {
  const last = new Map<string, string>();
  for (const message of messages) {
    const answers = message.role === 'assistant' || (message.role === 'system' && message.error);
    if (answers && message.turn_id) last.set(message.turn_id, message.id);
  }
  return new Set(last.values());
}

// What the contact said last, if the attempt to answer it failed.
function unanswered(messages: readonly Message[]): string | undefined {
  const failed = messages.findLastIndex((m) => m.role === 'system' && m.error);
  const said = messages.findLastIndex((m) => m.role === 'user');
  return failed > said && said >= 0 ? messages[said]?.content || undefined : undefined;
}

/** Scrolls, and stays at its end until somebody scrolls up. */
function StayAtEnd({ children }: { children: ReactNode }) {
  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const pinned = useRef(true);
  const last = useRef(0);
  useEffect(() => {
    const node = content.current;
    const box = scroller.current;
    if (!node || !box) return;
    const watch = new ResizeObserver(() => {
      if (pinned.current) box.scrollTop = box.scrollHeight;
    });
    watch.observe(node);
    watch.observe(box);
    return () => watch.disconnect();
  }, []);
  // Only a move upwards lets go: text that grew since is no reason.
  const onScroll = (box: HTMLDivElement) => {
    const atEnd = box.scrollHeight - box.scrollTop - box.clientHeight < 60;
    if (atEnd) pinned.current = true;
    else if (box.scrollTop < last.current) pinned.current = false;
    last.current = box.scrollTop;
  };
  return (
    <div
      ref={scroller}
      className={classes.log}
      role="log"
      aria-label={t.log}
      tabIndex={0}
      onScroll={(event) => onScroll(event.currentTarget)}
    >
      <div ref={content} className={classes.content}>
        {children}
      </div>
    </div>
  );
}
