import { ActionIcon, Button, Code, Group, Text } from '@mantine/core';
import { IconMessage2Bolt, IconPlus, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import type { CannedReply } from '@/api/types';
import { useDeleteReply, useReplies } from '@/desk/queries';
import { useConfirm } from '@/parts/Confirm';
import { EmptyState } from '@/parts/EmptyState';
import { ErrorState } from '@/parts/ErrorState';
import { PageBody } from '@/parts/PageBody';
import { PageHeader } from '@/parts/PageHeader';
import { PageLoading } from '@/parts/PageLoading';
import { notifyDone } from '@/parts/notify';
import { text } from '@/text/en';
import panel from '../Panel.module.css';
import { ReplyForm } from './ReplyForm';

const t = text.desk.replySettings;

/** The texts that operators put in with a slash. */
export default function RepliesPage() {
  const replies = useReplies();
  const [open, setOpen] = useState<{ reply?: CannedReply } | null>(null);
  const list = replies.data?.data;
  const add = (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setOpen({})}>
      {t.add}
    </Button>
  );
  return (
    <PageBody>
      <PageHeader title={t.title} note={t.subtitle} actions={list && list.length > 0 && add} />
      {replies.error && !list ? (
        <ErrorState error={replies.error} title={t.failed} onRetry={() => void replies.refetch()} />
      ) : !list ? (
        <PageLoading />
      ) : list.length === 0 ? (
        <EmptyState icon={IconMessage2Bolt} title={t.emptyTitle} actions={add}>
          {t.emptyBody}
        </EmptyState>
      ) : (
        <div className={panel.panel}>
          {list.map((reply) => (
            <Row key={reply.id} reply={reply} onEdit={() => setOpen({ reply })} />
          ))}
        </div>
      )}
      {open && <ReplyForm reply={open.reply} onClose={() => setOpen(null)} />}
    </PageBody>
  );
}

function Row({ reply, onEdit }: { reply: CannedReply; onEdit: () => void }) {
  const confirm = useConfirm();
  const remove = useDeleteReply();
  const askRemove = async () => {
    const question = { title: t.deleteTitle(reply.shortcut), body: t.deleteBody, action: t.delete, danger: true };
    if (await confirm(question)) remove.mutate(reply.id, { onSuccess: () => notifyDone(t.deleted) });
  };
  return (
    <div className={panel.row}>
      <div className={panel.main}>
        <Code fz={13}>/{reply.shortcut}</Code>
        <Text size="sm" mt={5} lineClamp={2} style={{ whiteSpace: 'pre-line', overflowWrap: 'anywhere' }}>
          {reply.text}
        </Text>
      </div>
      <Group gap={6} wrap="nowrap">
        <Button size="compact-sm" variant="default" aria-label={t.editOf(reply.shortcut)} onClick={onEdit}>
          {t.edit}
        </Button>
        <ActionIcon aria-label={t.deleteOf(reply.shortcut)} title={t.delete} onClick={() => void askRemove()}>
          <IconTrash size={17} stroke={1.7} />
        </ActionIcon>
      </Group>
    </div>
  );
}
