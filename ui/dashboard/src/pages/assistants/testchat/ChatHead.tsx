import { ActionIcon, Button, Text, Tooltip } from '@mantine/core';
import { IconMessageCirclePlus, IconX } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { text } from '@/text/en';
import classes from './TestChat.module.css';

const t = text.testchat;

interface HeadProps {
  version: number;
  /** Begins another conversation; absent while there is none. */
  onFresh?: () => void;
  onClose?: () => void;
  children: ReactNode;
}

/** The title of the Test Chat and what can be done with it. */
export function ChatHead({ version, onFresh, onClose, children }: HeadProps) {
  return (
    <header className={classes.head}>
      <div className={classes.title}>
        <Text fw={620}>{t.title}</Text>
        <Text size="xs" c="dimmed" className="tabular">
          {t.version(version)}
        </Text>
      </div>
      {children}
      {onFresh && (
        <Tooltip label={t.fresh}>
          <ActionIcon size="lg" aria-label={t.fresh} onClick={onFresh}>
            <IconMessageCirclePlus size={19} stroke={1.7} />
          </ActionIcon>
        </Tooltip>
      )}
      {onClose && (
        <Tooltip label={text.assistants.closeChat}>
          <ActionIcon size="lg" aria-label={text.assistants.closeChat} onClick={onClose}>
            <IconX size={18} stroke={1.7} />
          </ActionIcon>
        </Tooltip>
      )}
    </header>
  );
}

interface StaleProps {
  readOnly: boolean;
  saving: boolean;
  /** Absent while something has to be mended first. */
  onSave?: () => void;
}

/** Says that the edits are not in what is tested. */
export function Stale({ readOnly, saving, onSave }: StaleProps) {
  return (
    <div className={classes.stale} role="status">
      <span>{t.notSaved}</span>
      {onSave ? (
        <Button size="compact-sm" loading={saving} onClick={onSave}>
          {t.saveAndTest}
        </Button>
      ) : (
        !readOnly && <span>{t.fixFirst}</span>
      )}
    </div>
  );
}
