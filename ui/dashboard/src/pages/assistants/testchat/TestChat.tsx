import { Button, Group } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import { IconMessageCircle2 } from '@tabler/icons-react';
import { useCan } from '@/auth/useMe';
import { Notice } from '@/parts/Notice';
import { EmptyState } from '@/parts/EmptyState';
import { PageLoading } from '@/parts/PageLoading';
import { text } from '@/text/en';
import type { Draft } from '../useDraft';
import { ChatComposer } from './ChatComposer';
import { ChatHead, Stale } from './ChatHead';
import { type PresetValues, Presets, usablePresets } from './Presets';
import { Running } from './Running';
import classes from './TestChat.module.css';
import { type Outgoing, useTestChat } from './useTestChat';

const t = text.testchat;

interface Props {
  draft: Draft;
  /** The conversation that is shown; '' for none yet. */
  conversation: string;
  onConversation: (id: string) => void;
  /** Saves the edits, where they can be saved. */
  onSave?: () => Promise<boolean>;
  saving: boolean;
  onClose?: () => void;
}

/** Talks to the saved version of the assistant, as a contact would. */
export function TestChat({ draft, conversation, onConversation, onSave, saving, onClose }: Props) {
  const assistant = draft.base;
  const mayWrite = useCan('conversations:write');
  const variables = assistant.config.variables ?? [];
  const [kept, setPresets] = useLocalStorage<PresetValues>({
    key: `parley.presets.${assistant.id}`,
    defaultValue: {},
  });
  const presets = usablePresets(kept, variables);
  const { start, send } = useTestChat({ assistant, conversation, onConversation, presets });
  const say = (outgoing: Outgoing) =>
    send.mutateAsync(outgoing).then(
      () => true,
      () => false,
    );
  const fresh = () => {
    start.reset();
    send.reset();
    onConversation('');
    if (assistant.config.speaks_first) start.mutate();
  };
  const saveAndTest = async () => {
    if (await onSave?.()) onConversation('');
  };
  const failed = send.error ?? start.error;

  return (
    <section className={classes.panel} aria-label={t.region}>
      <ChatHead version={assistant.version} onFresh={conversation ? fresh : undefined} onClose={onClose}>
        {mayWrite && <Presets variables={variables} values={presets} onChange={setPresets} onStart={fresh} />}
      </ChatHead>
      {draft.dirty && <Stale readOnly={draft.readOnly} onSave={onSave && (() => void saveAndTest())} saving={saving} />}
      {assistant.status === 'inactive' && <div className={classes.stale}>{t.inactive}</div>}
      {conversation ? (
        <Running id={conversation} draft={draft} onSay={(content) => void say({ content, attachments: [] })} />
      ) : (
        <div className={classes.log}>
          {start.isPending ? (
            <PageLoading />
          ) : (
            <EmptyState
              icon={IconMessageCircle2}
              title={t.emptyTitle(assistant.name)}
              actions={
                mayWrite &&
                assistant.config.speaks_first && (
                  <Button variant="light" onClick={() => start.mutate()}>
                    {t.start}
                  </Button>
                )
              }
            >
              {mayWrite ? t.emptyBody : t.viewer}
            </EmptyState>
          )}
        </div>
      )}
      {failed && (
        <Notice tone="danger" radius={0} title={send.error ? t.notSent : t.startFailed}>
          <Group justify="space-between" gap="xs">
            <span>{failed.message}</span>
            {send.error && send.variables && (
              <Button
                size="compact-sm"
                variant="default"
                loading={send.isPending}
                onClick={() => send.variables && void say(send.variables)}
              >
                {t.retry}
              </Button>
            )}
          </Group>
        </Notice>
      )}
      {mayWrite && <ChatComposer sending={send.isPending} disabled={start.isPending} onSend={say} />}
    </section>
  );
}
