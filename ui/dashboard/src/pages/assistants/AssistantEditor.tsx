import { useDocumentTitle, useHotkeys, useLocalStorage, useMediaQuery } from '@mantine/hooks';
import { useState } from 'react';
import { useNavigate, useParams, useSearchParams } from 'react-router';
import type { Assistant } from '@/api/types';
import { text } from '@/text/en';
import { AssistantHeader } from './AssistantHeader';
import { AssistantTabs, type TabID, isTab } from './AssistantTabs';
import classes from './AssistantEditor.module.css';
import { ConflictDialog } from './ConflictDialog';
import { LeaveGuard } from './LeaveGuard';
import { TestChat } from './testchat/TestChat';
import { useDraft } from './useDraft';
import { useSave } from './useSave';

interface Props {
  assistant: Assistant;
  readOnly: boolean;
}

export function AssistantEditor({ assistant, readOnly }: Props) {
  const draft = useDraft(assistant, readOnly);
  const saving = useSave(draft);
  const [search] = useSearchParams();
  const { tab: inPath } = useParams();
  // A link to a version leads to the list of them.
  const asked = inPath ?? (search.has('version') || search.has('a') ? 'versions' : undefined);
  const navigate = useNavigate();
  const wide = useMediaQuery('(min-width: 80em)', true, { getInitialValueInEffect: false });
  const [chatOpen, setChatOpen] = useLocalStorage({ key: 'parley.testchat', defaultValue: true });
  const [conversation, setConversation] = useState('');
  const [deleted, setDeleted] = useState(false);
  useDocumentTitle(`${draft.config.name} · ${text.assistants.title} · ${text.product}`);

  const tab: TabID = asked && isTab(asked) && !(wide && asked === 'chat') ? asked : 'prompt';
  const goTo = (next: TabID) =>
    void navigate(`/assistants/${assistant.id}${next === 'prompt' ? '' : `/${next}`}`, { replace: true });
  const canSave = !readOnly && draft.dirty && Object.keys(draft.problems).length === 0;
  const save = () => (canSave && !saving.saving ? saving.save() : Promise.resolve(false));
  useHotkeys([['mod+S', () => void save()]], [], true);

  const chat = (
    <TestChat
      draft={draft}
      conversation={conversation}
      onConversation={setConversation}
      onSave={canSave ? save : undefined}
      saving={saving.saving}
      onClose={wide ? () => setChatOpen(false) : undefined}
    />
  );
  return (
    <div className={classes.page}>
      <AssistantHeader
        draft={draft}
        saving={saving.saving}
        canSave={canSave}
        onSave={() => void save()}
        onDeleted={() => setDeleted(true)}
        chat={wide ? { open: chatOpen, toggle: () => setChatOpen((open) => !open) } : undefined}
      />
      <div className={classes.columns} data-chat={wide && chatOpen}>
        <AssistantTabs draft={draft} tab={tab} onTab={goTo} chat={wide ? undefined : chat} />
        {wide && chatOpen && chat}
      </div>
      <ConflictDialog draft={draft} saving={saving} />
      <LeaveGuard when={draft.dirty && !deleted} within={`/assistants/${assistant.id}`} />
    </div>
  );
}
