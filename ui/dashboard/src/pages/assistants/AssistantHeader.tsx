import { ActionIcon, Button, Group, Menu, Text, Title, Tooltip } from '@mantine/core';
import {
  IconArrowLeft,
  IconCopy,
  IconDeviceFloppy,
  IconDots,
  IconFileExport,
  IconLayoutSidebarRightCollapse,
  IconLayoutSidebarRightExpand,
  IconMessages,
  IconTrash,
} from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from 'react-router';
import { api, data } from '@/api/client';
import { useConfirm } from '@/parts/Confirm';
import { RelativeTime } from '@/parts/RelativeTime';
import { notifyDone } from '@/parts/notify';
import { modKey } from '@/shell/modKey';
import { text } from '@/text/en';
import { AssistantAvatar } from './AssistantAvatar';
import classes from './AssistantHeader.module.css';
import { assistantsKey, useKeepAssistant } from './queries';
import { StatusBadge } from './StatusBadge';
import type { Draft } from './useDraft';
import { useExport } from './useExport';

const t = text.assistants;

interface Props {
  draft: Draft;
  saving: boolean;
  canSave: boolean;
  onSave: () => void;
  /** Called just before the page is left because the assistant is gone. */
  onDeleted: () => void;
  /** The Test Chat beside the page, where there is room for it. */
  chat?: { open: boolean; toggle: () => void };
}

export function AssistantHeader({ draft, saving, canSave, onSave, onDeleted, chat }: Props) {
  const { base, config, dirty, readOnly } = draft;
  const problems = Object.keys(draft.problems).length;
  return (
    <header className={classes.header}>
      <Tooltip label={t.back}>
        <ActionIcon component={Link} to="/assistants" aria-label={t.back} size="lg">
          <IconArrowLeft size={19} stroke={1.7} />
        </ActionIcon>
      </Tooltip>
      <AssistantAvatar avatar={config.avatar} name={config.name} size={38} />
      <div className={classes.title}>
        <Group gap="xs" wrap="nowrap">
          <Title order={1} className={classes.name}>
            {config.name || base.name}
          </Title>
          <span className={classes.badge}>
            <StatusBadge status={base.status} />
          </span>
        </Group>
        <Text size="xs" c="dimmed" truncate aria-live="polite">
          {dirty && problems > 0 ? (
            <span className={classes.mend}>{t.mend(problems)}</span>
          ) : dirty ? (
            <span className={classes.unsaved}>{t.unsaved}</span>
          ) : (
            <>
              <span className={classes.status}>{t.status[base.status].label} · </span>
              {t.version(base.version)} · {t.savedLine} <RelativeTime at={base.updated_at} />
            </>
          )}
        </Text>
      </div>
      <Group gap="xs" wrap="nowrap">
        {chat && (
          <Button
            variant="default"
            aria-pressed={chat.open}
            onClick={chat.toggle}
            leftSection={
              chat.open ? <IconLayoutSidebarRightCollapse size={17} /> : <IconLayoutSidebarRightExpand size={17} />
            }
          >
            {t.openChat}
          </Button>
        )}
        {!readOnly && dirty && (
          <Button variant="subtle" onClick={() => draft.adopt(base)} className={classes.discard}>
            {t.discard}
          </Button>
        )}
        {!readOnly && (
          <Tooltip label={t.saveHint(modKey)}>
            <Button
              onClick={onSave}
              loading={saving}
              disabled={!canSave}
              className={classes.save}
              leftSection={<IconDeviceFloppy size={17} stroke={1.7} />}
            >
              {t.save}
            </Button>
          </Tooltip>
        )}
        <MoreMenu draft={draft} onDeleted={onDeleted} />
      </Group>
    </header>
  );
}

function MoreMenu({ draft, onDeleted }: { draft: Draft; onDeleted: () => void }) {
  const { base, readOnly } = draft;
  const confirm = useConfirm();
  const navigate = useNavigate();
  const client = useQueryClient();
  const keep = useKeepAssistant();
  const save = useExport(base.id);
  const duplicate = useMutation({
    mutationFn: () =>
      data(api.POST('/api/v1/assistants/{id}/duplicate', { params: { path: { id: base.id } }, body: {} })),
    onSuccess: (copy) => {
      keep(copy);
      notifyDone(t.duplicated(copy.name));
      void navigate(`/assistants/${copy.id}`);
    },
  });
  const remove = useMutation({
    mutationFn: () => data(api.DELETE('/api/v1/assistants/{id}', { params: { path: { id: base.id } } })),
    onSuccess: () => {
      onDeleted();
      notifyDone(t.removed(base.name));
      // The guard has to see that there is nothing left to lose.
      setTimeout(() => {
        void navigate('/assistants', { replace: true });
        void client.invalidateQueries({ queryKey: [...assistantsKey, 'list'] });
      });
    },
  });
  const askRemove = async () => {
    const yes = await confirm({
      title: t.removeTitle(base.name),
      body: t.removeBody,
      action: t.remove,
      danger: true,
    });
    if (yes) remove.mutate();
  };
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon aria-label={t.moreActions} size="lg" loading={duplicate.isPending || remove.isPending}>
          <IconDots size={19} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          leftSection={<IconMessages size={16} />}
          component={Link}
          to={`/conversations?assistant_id=${base.id}`}
        >
          {t.seeConversations}
        </Menu.Item>
        <Menu.Item leftSection={<IconFileExport size={16} />} onClick={() => void save()}>
          {text.workshop.file.export}
        </Menu.Item>
        {!readOnly && (
          <>
            <Menu.Item leftSection={<IconCopy size={16} />} onClick={() => duplicate.mutate()}>
              {t.duplicate}
            </Menu.Item>
            <Menu.Divider />
            <Menu.Item color="red" leftSection={<IconTrash size={16} />} onClick={() => void askRemove()}>
              {t.remove}
            </Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
