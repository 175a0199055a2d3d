import { ActionIcon, Loader, Menu, Text } from '@mantine/core';
import { IconDots, IconFileText, IconMarkdown, IconPencil, IconTrash } from '@tabler/icons-react';
import type { Document } from '@/api/types';
import { RelativeTime } from '@/parts/RelativeTime';
import { Tag } from '@/parts/Tag';
import { fileSize } from '@/parts/number';
import { text } from '@/text/en';
import items from '../Items.module.css';

const t = text.assistants.knowledge;

interface Props {
  documents: Document[];
  readOnly: boolean;
  /** The id of the document that is being removed. */
  removing?: string;
  onOpen: (document: Document) => void;
  onRemove: (document: Document) => void;
}

export function DocumentList({ documents, readOnly, removing, onOpen, onRemove }: Props) {
  return (
    <ul className={items.list} aria-label={t.title}>
      {documents.map((document) => {
        const Icon = document.format === 'markdown' ? IconMarkdown : IconFileText;
        return (
          <li key={document.id} className={items.item}>
            <Icon size={22} stroke={1.5} color="var(--p-text-quiet)" aria-hidden />
            <div className={items.main}>
              <button type="button" className={items.open} onClick={() => onOpen(document)}>
                {document.title}
              </button>
              <Text size="xs" c="dimmed">
                {t.formats[document.format]} · {fileSize(document.size)} · <RelativeTime at={document.created_at} />
              </Text>
              {document.error && (
                <Text size="xs" className={items.wrong}>
                  {document.error}
                </Text>
              )}
            </div>
            <div className={items.side}>
              <Tag tone={document.state === 'ready' ? 'good' : 'danger'}>{t.states[document.state]}</Tag>
              {removing === document.id && <Loader size="sm" />}
              {!readOnly && removing !== document.id && (
                <Menu position="bottom-end" withinPortal>
                  <Menu.Target>
                    <ActionIcon aria-label={t.actionsFor(document.title)}>
                      <IconDots size={18} />
                    </ActionIcon>
                  </Menu.Target>
                  <Menu.Dropdown>
                    <Menu.Item leftSection={<IconPencil size={16} />} onClick={() => onOpen(document)}>
                      {t.edit}
                    </Menu.Item>
                    <Menu.Divider />
                    <Menu.Item color="red" leftSection={<IconTrash size={16} />} onClick={() => onRemove(document)}>
                      {t.remove}
                    </Menu.Item>
                  </Menu.Dropdown>
                </Menu>
              )}
            </div>
          </li>
        );
      })}
    </ul>
  );
}
