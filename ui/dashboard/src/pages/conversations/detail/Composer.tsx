import { ActionIcon, Button, FileButton, Textarea } from '@mantine/core';
import { IconPaperclip, IconSend2, IconX } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { useCan, useMe } from '@/auth/useMe';
import type { Conversation, Message } from '@/api/types';
import { text } from '@/text/en';
import { excerptOf } from '@/transcript/excerpt';
import { speaker } from '@/transcript/timeline';
import { contactName } from '../names';
import { Canned } from './Canned';
import classes from './Composer.module.css';
import { useWindowOpen } from './WindowNote';
import { useCanned } from './useCanned';
import { useDraft } from './useDraft';
import { useTyping } from './useTyping';

const t = text.conversations.composer;

interface Props {
  conversation: Conversation;
  /** What the next message replies to. */
  quoted: Message | null;
  onUnquote: () => void;
}

/** Where the operator who took over writes; to everybody else it says who answers. */
export function Composer(props: Props) {
  const { conversation: c } = props;
  const mayWrite = useCan('conversations:write');
  const me = useMe().data?.member?.id;
  const free = useWindowOpen(c);
  if (c.can.write) return free ? <Editor {...props} /> : null; // what is left is said by WindowNote
  if (c.status === 'ended') return <p className={classes.says}>{t.ended}</p>;
  const held = c.owner === 'operator' && c.operator?.id !== me;
  return (
    <p className={classes.says} data-waiting={c.waiting || undefined}>
      <span>
        {held
          ? c.operator?.name
            ? t.heldBy(c.operator.name)
            : t.held
          : c.waiting
            ? t.waiting
            : t.assistantAnswers(c.assistant.name)}{' '}
        {!mayWrite ? t.readOnly : c.can.takeover ? t.takeoverHint : ''}
      </span>
    </p>
  );
}

function Editor({ conversation, quoted, onUnquote }: Props) {
  const draft = useDraft(conversation.id, quoted?.id, onUnquote);
  const typing = useTyping(conversation);
  const field = useRef<HTMLTextAreaElement>(null);
  const canned = useCanned(conversation, { content: draft.content, write: draft.write, ref: field });
  const quotedID = quoted?.id;
  useEffect(() => {
    if (quotedID) field.current?.focus();
  }, [quotedID]);
  const unquote = () => {
    onUnquote();
    field.current?.focus();
  };
  const submit = () => {
    if (!draft.empty && !draft.sending.isPending && !draft.upload.isPending) draft.sending.mutate();
  };
  return (
    <form
      className={classes.composer}
      onSubmit={(e) => {
        e.preventDefault();
        submit();
      }}
    >
      {draft.sending.error && (
        <p className={classes.failed} role="alert">
          {t.failed} {draft.sending.error.message}{' '}
          <Button type="submit" size="compact-xs" variant="subtle" color="red">
            {text.common.retry}
          </Button>
        </p>
      )}
      {quoted && (
        <div className={classes.quoted}>
          <div>
            <strong>
              {t.replyTo(
                speaker(quoted, { contact: contactName(conversation), assistant: conversation.assistant.name }),
              )}
            </strong>
            <span>{excerptOf(quoted)}</span>
          </div>
          <ActionIcon size="md" aria-label={t.dropReply} title={t.dropReply} onClick={unquote}>
            <IconX size={15} />
          </ActionIcon>
        </div>
      )}
      {(draft.files.length > 0 || draft.upload.isPending) && (
        <ul className={classes.files}>
          {draft.files.map((f) => (
            <li key={f.id}>
              {f.name}
              <ActionIcon size="xs" aria-label={t.removeFile(f.name)} onClick={() => draft.remove(f.id)}>
                <IconX size={13} />
              </ActionIcon>
            </li>
          ))}
          {draft.upload.isPending && <li aria-live="polite">{t.uploading}</li>}
        </ul>
      )}
      <div className={classes.line}>
        <Canned state={canned} />
        <FileButton onChange={(file) => file && draft.upload.mutate(file)}>
          {(props) => (
            <ActionIcon {...props} size="lg" aria-label={t.attach} disabled={draft.upload.isPending}>
              <IconPaperclip size={19} stroke={1.7} />
            </ActionIcon>
          )}
        </FileButton>
        <Textarea
          ref={field}
          className={classes.field}
          variant="unstyled"
          autosize
          minRows={1}
          maxRows={8}
          aria-label={t.label}
          placeholder={t.placeholder(contactName(conversation))}
          value={draft.content}
          onChange={(e) => {
            draft.write(e.currentTarget.value);
            canned.look(e.currentTarget.value, e.currentTarget.selectionStart);
            typing();
          }}
          {...canned.aria}
          onBlur={canned.close}
          onKeyDown={(e) => {
            if (canned.key(e)) return;
            if (e.key === 'Escape' && quoted) {
              e.stopPropagation(); // it closes the quotation, not the conversation
              unquote();
              return;
            }
            // While an input method composes, Enter belongs to it.
            if (e.key !== 'Enter' || e.shiftKey || e.nativeEvent.isComposing) return;
            e.preventDefault();
            submit();
          }}
        />
        <ActionIcon
          type="submit"
          size="lg"
          variant="filled"
          color="harbour"
          aria-label={t.send}
          loading={draft.sending.isPending}
          disabled={draft.empty}
        >
          <IconSend2 size={18} stroke={1.8} />
        </ActionIcon>
      </div>
      <p className={classes.hint}>
        {t.hint} · {text.desk.replies.hint}
      </p>
    </form>
  );
}
