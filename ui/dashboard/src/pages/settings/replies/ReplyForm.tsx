import { Button, Group, Modal, Stack, TextInput, Textarea } from '@mantine/core';
import { useRef, useState } from 'react';
import type { CannedReply } from '@/api/types';
import { placeholders } from '@/desk/canned';
import { useSaveReply } from '@/desk/queries';
import { Notice } from '@/parts/Notice';
import { text } from '@/text/en';

const t = text.desk.replySettings;

/** Writes a canned reply; without one, it is a new one. */
export function ReplyForm({ reply, onClose }: { reply?: CannedReply; onClose: () => void }) {
  const [shortcut, setShortcut] = useState(reply?.shortcut ?? '');
  const [words, setWords] = useState(reply?.text ?? '');
  const [asked, setAsked] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const save = useSaveReply(reply?.id);
  const badShortcut = !/^[\p{Ll}\p{Lo}\p{N}][\p{Ll}\p{Lo}\p{N}_-]{0,39}$/u.test(shortcut);
  const badText = words.trim() === '';
  const insert = (name: string) => {
    const node = field.current;
    const [from, to] = node ? [node.selectionStart, node.selectionEnd] : [words.length, words.length];
    setWords(`${words.slice(0, from)}{${name}}${words.slice(to)}`);
    requestAnimationFrame(() => {
      node?.focus();
      node?.setSelectionRange(from + name.length + 2, from + name.length + 2);
    });
  };
  return (
    <Modal opened onClose={onClose} title={reply ? t.editTitle : t.createTitle} size="lg">
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          setAsked(true);
          if (!badShortcut && !badText) save.mutate({ shortcut, text: words.trim() }, { onSuccess: onClose });
        }}
      >
        <Stack gap="md">
          {save.error && <Notice tone="danger">{save.error.message}</Notice>}
          <TextInput
            label={t.shortcut}
            description={t.shortcutHelp}
            leftSection="/"
            value={shortcut}
            maxLength={40}
            data-autofocus
            onChange={(event) => setShortcut(event.currentTarget.value.toLowerCase().replace(/^\//, ''))}
            error={asked && badShortcut ? t.problems.shortcut : undefined}
          />
          <Textarea
            ref={field}
            label={t.text}
            description={t.textHelp}
            autosize
            minRows={4}
            maxRows={14}
            maxLength={4000}
            value={words}
            onChange={(event) => setWords(event.currentTarget.value)}
            error={asked && badText ? t.problems.text : undefined}
          />
          <Group gap={6}>
            {placeholders.map((name) => (
              <Button
                key={name}
                size="compact-xs"
                variant="default"
                aria-label={t.insert(name)}
                onClick={() => insert(name)}
              >
                {`{${name}}`}
              </Button>
            ))}
          </Group>
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {text.common.cancel}
            </Button>
            <Button type="submit" loading={save.isPending}>
              {reply ? text.common.save : t.create}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
