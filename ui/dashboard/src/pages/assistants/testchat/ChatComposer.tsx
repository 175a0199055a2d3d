import { ActionIcon, FileButton, Loader, Textarea, Tooltip } from '@mantine/core';
import { IconPaperclip, IconSend2, IconX } from '@tabler/icons-react';
import { type ClipboardEvent, useRef, useState } from 'react';
import { text } from '@/text/en';
import classes from './TestChat.module.css';
import type { Outgoing } from './useTestChat';
import { useUploads } from './useUploads';

const t = text.testchat;

interface Props {
  sending: boolean;
  disabled: boolean;
  /** Resolves to whether it was sent; the text stays if not. */
  onSend: (outgoing: Outgoing) => Promise<boolean>;
}

/** Where somebody writes as the contact: Enter sends, Shift+Enter breaks the line. */
export function ChatComposer({ sending, disabled, onSend }: Props) {
  const [content, setContent] = useState('');
  const { uploads, busy, ids, add, remove, clear } = useUploads();
  const field = useRef<HTMLTextAreaElement>(null);
  const empty = !content.trim() && ids.length === 0;
  const submit = async () => {
    if (empty || busy || sending || disabled) return;
    if (await onSend({ content: content.trim(), attachments: ids })) {
      setContent('');
      clear();
    }
    field.current?.focus();
  };
  const paste = (event: ClipboardEvent) => {
    const files = [...event.clipboardData.files];
    if (files.length === 0) return;
    event.preventDefault();
    add(files);
  };
  return (
    <form
      className={classes.composer}
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
      onDragOver={(event) => event.dataTransfer.types.includes('Files') && event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        add([...event.dataTransfer.files]);
      }}
    >
      {uploads.length > 0 && (
        <ul className={classes.files}>
          {uploads.map((upload) => (
            <li key={upload.key} data-failed={upload.error ? '' : undefined}>
              <span title={upload.error ?? upload.name}>{upload.error ?? upload.name}</span>
              {!upload.attachment && !upload.error && <Loader size={12} aria-label={t.uploading(upload.name)} />}
              <ActionIcon size="xs" aria-label={t.removeFile(upload.name)} onClick={() => remove(upload.key)}>
                <IconX size={13} />
              </ActionIcon>
            </li>
          ))}
        </ul>
      )}
      <div className={classes.line}>
        <FileButton multiple onChange={add}>
          {(props) => (
            <Tooltip label={t.attach}>
              <ActionIcon {...props} size="lg" aria-label={t.attach} disabled={disabled}>
                <IconPaperclip size={19} stroke={1.7} />
              </ActionIcon>
            </Tooltip>
          )}
        </FileButton>
        <Textarea
          ref={field}
          className={classes.field}
          variant="unstyled"
          autosize
          minRows={1}
          maxRows={8}
          aria-label={t.placeholder}
          placeholder={t.placeholder}
          disabled={disabled}
          value={content}
          onChange={(event) => setContent(event.currentTarget.value)}
          onPaste={paste}
          onKeyDown={(event) => {
            // While an input method composes, Enter belongs to it.
            if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
            event.preventDefault();
            void submit();
          }}
        />
        <Tooltip label={t.sendHelp}>
          <ActionIcon
            type="submit"
            size="lg"
            variant="filled"
            color="harbour"
            aria-label={t.send}
            loading={sending}
            disabled={empty || busy || disabled}
          >
            <IconSend2 size={18} stroke={1.8} />
          </ActionIcon>
        </Tooltip>
      </div>
    </form>
  );
}
