import type { Conversation } from '@/api/types';
import { text } from '@/text/en';
import { About } from './About';
import classes from './Detail.module.css';
import { EvaluationCard } from './EvaluationCard';
import { NotesCard } from './NotesCard';
import { UsageCard } from './UsageCard';
import { VariablesCard } from './VariablesCard';
import { WidgetCard } from './WidgetCard';
import type { Actions } from './useActions';

interface Props {
  conversation: Conversation;
  actions: Actions;
  onMessage: (id: string) => void;
}

/** What is known about a conversation beside what was said. */
export function Facts({ conversation, actions, onMessage }: Props) {
  return (
    <div className={classes.factsPane} tabIndex={0} role="region" aria-label={text.conversations.detail.tabs.details}>
      <NotesCard id={conversation.id} />
      <EvaluationCard conversation={conversation} actions={actions} />
      <VariablesCard variables={conversation.variables} onMessage={onMessage} />
      <WidgetCard conversation={conversation} />
      <UsageCard conversation={conversation} />
      <About conversation={conversation} />
    </div>
  );
}
