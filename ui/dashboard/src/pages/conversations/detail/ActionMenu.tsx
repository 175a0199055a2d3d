import { ActionIcon, Menu } from '@mantine/core';
import {
  IconBraces,
  IconClipboardText,
  IconDots,
  IconFileText,
  IconLink,
  IconMailOpened,
  IconMarkdown,
  IconPrinter,
  IconTrash,
  IconUserDown,
  IconUserX,
} from '@tabler/icons-react';
import type { Conversation } from '@/api/types';
import { useCan } from '@/auth/useMe';
import { notifyDone, notifyError } from '@/parts/notify';
import { printPage, printUrl } from '@/pages/exports/queries';
import { text } from '@/text/en';
import { type Format, copyText, readTranscript, transcriptFile, transcriptUrl } from './transcriptText';
import type { Actions } from './useActions';
import { usePerson } from './usePerson';

const t = text.conversations.actions;

const downloads: { format: Format; label: string; icon: typeof IconFileText }[] = [
  { format: 'text', label: t.downloadText, icon: IconFileText },
  { format: 'markdown', label: t.downloadMarkdown, icon: IconMarkdown },
  { format: 'json', label: t.downloadJson, icon: IconBraces },
];

interface Props {
  conversation: Conversation;
  actions: Actions;
  onUnread: () => void;
}

/** Reading, transcript, link, all that there is of the person, and deleting. */
export function ActionMenu({ conversation, actions, onUnread }: Props) {
  const { id } = conversation;
  const person = usePerson(conversation);
  const mayExport = useCan('conversations:export');
  const mayErase = useCan('settings:write');
  const copy = (what: Promise<string>, done: string) => {
    what
      .then(copyText)
      .then(() => notifyDone(done))
      .catch((error: unknown) =>
        notifyError(error instanceof Error && error.message === 'copy' ? new Error(text.common.copyFailed) : error),
      );
  };
  return (
    <Menu position="bottom-end" width={230} shadow="md">
      <Menu.Target>
        <ActionIcon size="lg" aria-label={t.more}>
          <IconDots size={20} stroke={1.8} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconMailOpened size={16} />} onClick={onUnread}>
          {text.desk.read.markUnread}
        </Menu.Item>
        <Menu.Item
          leftSection={<IconClipboardText size={16} />}
          onClick={() => copy(readTranscript(id), t.transcriptCopied)}
        >
          {t.copyTranscript}
        </Menu.Item>
        {downloads.map(({ format, label, icon: Icon }) => (
          <Menu.Item
            key={format}
            component="a"
            href={transcriptUrl(id, format)}
            download={transcriptFile(id, format)}
            leftSection={<Icon size={16} />}
          >
            {label}
          </Menu.Item>
        ))}
        <Menu.Item leftSection={<IconPrinter size={16} />} onClick={() => printPage(printUrl(id))}>
          {t.print}
        </Menu.Item>
        <Menu.Item
          leftSection={<IconLink size={16} />}
          onClick={() => copy(Promise.resolve(`${window.location.origin}/conversations/${id}`), t.linkCopied)}
        >
          {t.copyLink}
        </Menu.Item>
        {mayExport && (
          <Menu.Item leftSection={<IconUserDown size={16} />} onClick={person.take}>
            {text.privacy.person.export}
          </Menu.Item>
        )}
        {(conversation.can.delete || mayErase) && <Menu.Divider />}
        {conversation.can.delete && (
          <Menu.Item color="red" leftSection={<IconTrash size={16} />} onClick={() => void actions.confirmErase()}>
            {t.delete}
          </Menu.Item>
        )}
        {mayErase && (
          <Menu.Item color="red" leftSection={<IconUserX size={16} />} onClick={person.erase}>
            {text.privacy.person.erase}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
