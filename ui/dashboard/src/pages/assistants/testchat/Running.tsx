import { useConversation } from '@/pages/conversations/detail/useConversation';
import { ErrorState } from '@/parts/ErrorState';
import { PageLoading } from '@/parts/PageLoading';
import { text } from '@/text/en';
import type { Draft } from '../useDraft';
import { ChatFoot } from './ChatFoot';
import { ChatLog } from './ChatLog';
import classes from './TestChat.module.css';
import { startsAnew } from './useTestChat';

const t = text.testchat;

interface Props {
  id: string;
  draft: Draft;
  onSay: (content: string) => void;
}

/** The conversation that goes on, and how it stands. */
export function Running({ id, draft, onSay }: Props) {
  const conversation = useConversation(id);
  if (conversation.error && !conversation.data) {
    return (
      <div className={classes.log}>
        <ErrorState title={t.loadFailed} error={conversation.error} onRetry={() => void conversation.refetch()} />
      </div>
    );
  }
  if (!conversation.data) {
    return (
      <div className={classes.log}>
        <PageLoading />
      </div>
    );
  }
  const c = conversation.data;
  const says =
    c.status === 'ended'
      ? `${t.ended} ${startsAnew(c, draft.base) ? t.endedStartNew : t.endedReopens}`
      : c.operator
        ? t.takenOver(c.operator.name)
        : c.waiting
          ? t.waiting
          : '';
  return (
    <>
      <ChatLog key={id} conversation={c} draft={draft} onSay={onSay} />
      {says && (
        <div className={classes.state} role="status">
          {says}
        </div>
      )}
      <ChatFoot conversation={c} />
    </>
  );
}
