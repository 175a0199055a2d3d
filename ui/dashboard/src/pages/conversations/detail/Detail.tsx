import { SegmentedControl, Skeleton } from '@mantine/core';
import { useCallback, useEffect, useState } from 'react';
import { useLocation, useSearchParams } from 'react-router';
import { ApiError } from '@/api/error';
import { useCan } from '@/auth/useMe';
import { ErrorState } from '@/parts/ErrorState';
import { useWidth } from '@/parts/useWidth';
import { text } from '@/text/en';
import { useMessages } from '@/transcript/useMessages';
import { contactName } from '../names';
import { Composer } from './Composer';
import classes from './Detail.module.css';
import { DetailHeader } from './DetailHeader';
import { Facts } from './Facts';
import { Messages } from './Messages';
import { UseExample } from './UseExample';
import { WhyDrawer } from './WhyDrawer';
import { WindowNote, useWindowOpen } from './WindowNote';
import { useActions } from './useActions';
import { useConversation } from './useConversation';
import { useMarkKeys } from './useMarkKeys';
import { useMarks, useRead } from './useMarks';
import type { Conversation, Message } from '@/api/types';

const t = text.conversations.detail;

// From this width on, what is known about a conversation stands beside it.
const roomForBoth = 780;

/** One conversation, opened beside the list. */
export function Detail({ id, onClose }: { id: string; onClose: () => void }) {
  const conversation = useConversation(id);
  const messages = useMessages(id);
  const deleted = conversation.error instanceof ApiError && conversation.error.code === 'not_found';
  if (conversation.data && !deleted) {
    return <Opened conversation={conversation.data} messages={messages} onClose={onClose} />;
  }
  return (
    <section className={classes.detail} aria-label={t.label}>
      {conversation.isError ? (
        <ErrorState title={t.failed} error={conversation.error} onRetry={() => void conversation.refetch()} />
      ) : (
        <Loading />
      )}
    </section>
  );
}

interface OpenedProps {
  conversation: Conversation;
  messages: ReturnType<typeof useMessages>;
  onClose: () => void;
}

function Opened({ conversation, messages, onClose }: OpenedProps) {
  const actions = useActions(conversation, onClose);
  const marks = useMarks(conversation);
  const onUnread = useRead(conversation, onClose);
  useMarkKeys(conversation, marks, onUnread);
  const { ref, width } = useWidth<HTMLElement>();
  const [tab, setTab] = useState<'messages' | 'details'>('messages');
  const { hash } = useLocation();
  const [pointed, setPointed] = useState<{ id: string; n: number } | null>(null);
  const [quote, setQuote] = useState<{ in: string; message: Message } | null>(null);
  const quoted = quote?.in === conversation.id ? quote.message : null;
  const reply = useCallback((message: Message) => setQuote({ in: conversation.id, message }), [conversation.id]);
  const mayTeach = useCan('assistants:write');
  const [example, setExample] = useState<Message | null>(null);
  const mayWrite = useWindowOpen(conversation) && conversation.can.write;
  const [params, setParams] = useSearchParams();
  const why = (turn: string | null) =>
    setParams(
      (p) => {
        if (turn) p.set('why', turn);
        else p.delete('why');
        return p;
      },
      { replace: true },
    );
  const title = `${contactName(conversation)} · ${text.product}`;
  useEffect(() => {
    const before = document.title;
    document.title = title;
    return () => {
      document.title = before;
    };
  }, [title]);
  const both = width >= roomForBoth;
  const point = (message: string) => {
    setTab('messages');
    setPointed((p) => ({ id: message, n: (p?.n ?? 0) + 1 }));
  };
  return (
    <section className={classes.detail} aria-label={t.label} ref={ref}>
      <DetailHeader conversation={conversation} actions={actions} marks={marks} onUnread={onUnread} onClose={onClose} />
      {!both && width > 0 && (
        <SegmentedControl
          className={classes.tabs}
          size="xs"
          value={tab}
          onChange={(v) => setTab(v as 'messages' | 'details')}
          data={[
            { value: 'messages', label: t.tabs.messages },
            { value: 'details', label: t.tabs.details },
          ]}
        />
      )}
      <div className={classes.panes} data-both={both || undefined}>
        {(both || tab === 'messages') && (
          <div className={classes.talk}>
            <Messages
              conversation={conversation}
              state={messages}
              onWhy={why}
              onReply={mayWrite ? reply : undefined}
              onExample={mayTeach ? setExample : undefined}
              pointed={pointed ?? { id: hash.slice(1), n: 0 }}
            />
            <WindowNote conversation={conversation} />
            <Composer conversation={conversation} quoted={quoted} onUnquote={() => setQuote(null)} />
          </div>
        )}
        {(both || tab === 'details') && <Facts conversation={conversation} actions={actions} onMessage={point} />}
      </div>
      {example && (
        <UseExample key={example.id} message={example} conversation={conversation} onClose={() => setExample(null)} />
      )}
      <WhyDrawer conversation={conversation} turn={params.get('why')} onClose={() => why(null)} />
    </section>
  );
}

function Loading() {
  return (
    <div className={classes.loading} role="status" aria-label={text.common.loading}>
      <Skeleton height={24} width="38%" />
      <Skeleton height={14} width="56%" mb="lg" />
      {[64, 42, 71, 38, 55].map((w, i) => (
        <Skeleton key={w} height={46} width={`${w * 0.8}%`} radius="lg" ml={i % 2 ? 'auto' : undefined} />
      ))}
    </div>
  );
}
