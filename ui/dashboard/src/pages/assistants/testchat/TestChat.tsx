import { ActionIcon, Button, Group, Text, Tooltip } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import { IconMessageCircle2, IconMessageCirclePlus, IconX } from '@tabler/icons-react';
import { useCan } from '@/auth/useMe';
import { useConversation } from '@/pages/conversations/detail/useConversation';
import { Notice } from '@/parts/Notice';
import { EmptyState } from '@/parts/EmptyState';
import { ErrorState } from '@/parts/ErrorState';
import { PageLoading } from '@/parts/PageLoading';
import { text } from '@/text/en';
import type { Draft } from '../useDraft';
import { ChatComposer } from './ChatComposer';
import { ChatFoot } from './ChatFoot';
import { ChatLog } from './ChatLog';
import { type PresetValues, Presets } from './Presets';
import classes from './TestChat.module.css';
import { type Outgoing, startsAnew, useTestChat } from './useTestChat';

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
  const [presets, setPresets] = useLocalStorage<PresetValues>({
    key: `parley.presets.${assistant.id}`,
    defaultValue: {},
  });
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
      <header className={classes.head}>
        <div className={classes.title}>
          <Text fw={620}>{t.title}</Text>
          <Text size="xs" c="dimmed" className="tabular">
            {t.version(assistant.version)}
          </Text>
        </div>
        {mayWrite && (
          <>
            <Presets
              variables={assistant.config.variables ?? []}
              values={presets}
              onChange={setPresets}
              onStart={fresh}
            />
            {conversation && (
              <Tooltip label={t.fresh}>
                <ActionIcon size="lg" aria-label={t.fresh} onClick={fresh}>
                  <IconMessageCirclePlus size={19} stroke={1.7} />
                </ActionIcon>
              </Tooltip>
            )}
          </>
        )}
        {onClose && (
          <Tooltip label={text.assistants.closeChat}>
            <ActionIcon size="lg" aria-label={text.assistants.closeChat} onClick={onClose}>
              <IconX size={18} stroke={1.7} />
            </ActionIcon>
          </Tooltip>
        )}
      </header>
      {draft.dirty && (
        <div className={classes.stale} role="status">
          <span>{t.notSaved}</span>
          {onSave ? (
            <Button size="compact-sm" loading={saving} onClick={() => void saveAndTest()}>
              {t.saveAndTest}
            </Button>
          ) : (
            !draft.readOnly && <span>{t.fixFirst}</span>
          )}
        </div>
      )}
      {assistant.status === 'inactive' && <div className={classes.stale}>{t.inactive}</div>}
      {conversation ? (
        <Running
          id={conversation}
          assistant={assistant}
          onSay={(content) => void say({ content, attachments: [] })}
        />
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

interface RunningProps {
  id: string;
  assistant: Draft['base'];
  onSay: (content: string) => void;
}

/** The conversation that goes on, and how it stands. */
function Running({ id, assistant, onSay }: RunningProps) {
  const conversation = useConversation(id);
  if (conversation.error && !conversation.data) {
    return (
      <div className={classes.log}>
        <ErrorState
          title={t.loadFailed}
          error={conversation.error}
          onRetry={() => void conversation.refetch()}
        />
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
      ? `${t.ended} ${startsAnew(c, assistant) ? t.endedStartNew : t.endedReopens}`
      : c.operator
        ? t.takenOver(c.operator.name)
        : c.waiting
          ? t.waiting
          : '';
  return (
    <>
      <ChatLog key={id} conversation={c} onSay={onSay} />
      {says && (
        <div className={classes.state} role="status">
          {says}
        </div>
      )}
      <ChatFoot conversation={c} />
    </>
  );
}
