import { Anchor, Button } from '@mantine/core';
import { IconBulb } from '@tabler/icons-react';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { Link } from 'react-router';
import type { Conversation, Message } from '@/api/types';
import { useCan } from '@/auth/useMe';
import { useLiveState } from '@/live/LiveProvider';
import { UseExample } from '@/pages/conversations/detail/UseExample';
import { WhyDrawer } from '@/pages/conversations/detail/WhyDrawer';
import { ErrorState } from '@/parts/ErrorState';
import { PageLoading } from '@/parts/PageLoading';
import { text } from '@/text/en';
import { Transcript } from '@/transcript/Transcript';
import { useMessages } from '@/transcript/useMessages';
import type { Draft } from '../useDraft';
import classes from './TestChat.module.css';
import { TurnTrace } from './TurnTrace';

const t = text.testchat;

interface Props {
  conversation: Conversation;
  draft: Draft;
  onSay: (content: string) => void;
}

/** What was said in the test conversation, with the trace of each answer and the examples among them. */
export function ChatLog({ conversation, draft, onSay }: Props) {
  const { query, messages, turns } = useMessages(conversation.id);
  const [why, setWhy] = useState<string | null>(null);
  const live = useLiveState();
  const traced = useTraced(messages ?? []);
  const mayTeach = useCan('assistants:write');
  const [example, setExample] = useState<Message | null>(null);
  const isExample = (message: Message) => draft.base.config.examples?.some((x) => x.message_id === message.id);
  const below = (message: Message) => (
    <>
      {isExample(message) && <IsExample assistant={draft.base.id} />}
      {traced.has(message.id) && message.turn_id && (
        <TurnTrace conversation={conversation.id} turn={message.turn_id} onWhy={setWhy} />
      )}
    </>
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
        onExample={mayTeach ? setExample : undefined}
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
      {example && (
        <UseExample
          key={example.id}
          conversation={conversation}
          message={example}
          onKept={draft.rebase}
          onClose={() => setExample(null)}
        />
      )}
      <WhyDrawer conversation={conversation} turn={why} onClose={() => setWhy(null)} />
    </StayAtEnd>
  );
}

/** Says that an answer is an example, and leads to it. */
function IsExample({ assistant }: { assistant: string }) {
  return (
    <p className={classes.example}>
      <IconBulb size={14} stroke={1.8} aria-hidden />
      {text.workshop.use.isExample}
      <Anchor component={Link} to={`/assistants/${assistant}/examples`} inherit>
        {text.workshop.use.open}
      </Anchor>
    </p>
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
