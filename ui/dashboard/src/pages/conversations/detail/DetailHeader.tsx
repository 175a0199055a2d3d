import { ActionIcon, Button, Tooltip } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconArrowLeft, IconHandStop, IconPlayerStop, IconRobot, IconX } from '@tabler/icons-react';
import type { Conversation } from '@/api/types';
import { SourceBadge } from '@/parts/SourceBadge';
import { text } from '@/text/en';
import { contactName } from '../names';
import { ActionMenu } from './ActionMenu';
import classes from './Detail.module.css';
import { ReviewButton } from './ReviewButton';
import { TagBar } from './TagBar';
import type { Actions } from './useActions';
import type { Marks } from './useMarks';

const t = text.conversations;

interface Props {
  conversation: Conversation;
  actions: Actions;
  marks: Marks;
  onUnread: () => void;
  onClose: () => void;
}

/** Who this is with, how it stands, and what can be done. */
export function DetailHeader({ conversation: c, actions, marks, onUnread, onClose }: Props) {
  // Where the list gives way, this is the page.
  const alone = useMediaQuery('(max-width: 62em)');
  const Name = alone ? 'h1' : 'h2';
  return (
    <header className={classes.header}>
      <ActionIcon className={classes.back} size="lg" aria-label={t.detail.back} onClick={onClose}>
        <IconArrowLeft size={20} stroke={1.8} />
      </ActionIcon>
      <div className={classes.who}>
        <Name className={classes.name}>{contactName(c)}</Name>
        <div className={classes.facts}>
          <SourceBadge source={c.source} />
          <span className={classes.fact} data-kind={c.status}>
            {t.status[c.status]}
          </span>
          <span className={classes.fact}>{c.assistant.name}</span>
          {c.owner === 'operator' && c.status === 'active' && (
            <span className={classes.fact} data-kind="operator">
              {c.operator?.name ? t.status.with(c.operator.name) : t.status.withOperator}
            </span>
          )}
          {c.waiting && (
            <span className={classes.fact} data-kind="waiting">
              {t.status.waiting}
            </span>
          )}
        </div>
        <TagBar conversation={c} marks={marks} />
      </div>
      <div className={classes.actions}>
        <ReviewButton conversation={c} marks={marks} />
        {c.can.takeover && (
          <Button
            size="xs"
            leftSection={<IconHandStop size={16} stroke={1.8} />}
            loading={actions.takeover.isPending}
            onClick={() => actions.takeover.mutate()}
          >
            {t.actions.takeover}
          </Button>
        )}
        {c.can.release && (
          <Tooltip label={t.actions.releaseHelp}>
            <Button
              size="xs"
              variant="light"
              leftSection={<IconRobot size={16} stroke={1.8} />}
              loading={actions.release.isPending}
              onClick={() => actions.release.mutate()}
            >
              {t.actions.release}
            </Button>
          </Tooltip>
        )}
        {c.can.end && (
          <Button
            size="xs"
            variant="default"
            leftSection={<IconPlayerStop size={16} stroke={1.8} />}
            loading={actions.end.isPending}
            onClick={() => void actions.confirmEnd()}
          >
            {t.actions.end}
          </Button>
        )}
        <ActionMenu conversation={c} actions={actions} onUnread={onUnread} />
        <Tooltip label={t.detail.close}>
          <ActionIcon className={classes.close} size="lg" aria-label={t.detail.close} onClick={onClose}>
            <IconX size={19} stroke={1.8} />
          </ActionIcon>
        </Tooltip>
      </div>
    </header>
  );
}
