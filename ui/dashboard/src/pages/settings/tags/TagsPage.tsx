import { ActionIcon, Anchor, Button, Group } from '@mantine/core';
import { IconPlus, IconTags, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { Link } from 'react-router';
import type { UsedTag } from '@/api/types';
import { TagMark } from '@/desk/TagMark';
import { useDeleteTag, useTags } from '@/desk/queries';
import { useConfirm } from '@/parts/Confirm';
import { EmptyState } from '@/parts/EmptyState';
import { ErrorState } from '@/parts/ErrorState';
import { PageBody } from '@/parts/PageBody';
import { PageHeader } from '@/parts/PageHeader';
import { PageLoading } from '@/parts/PageLoading';
import { notifyDone } from '@/parts/notify';
import { text } from '@/text/en';
import panel from '../Panel.module.css';
import { TagForm } from './TagForm';

const t = text.desk.tagSettings;

/** The tags of the workspace: their names, their colours, and how often each is used. */
export default function TagsPage() {
  const tags = useTags();
  const [open, setOpen] = useState<{ tag?: UsedTag } | null>(null);
  const list = tags.data?.data;
  const add = (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setOpen({})}>
      {t.add}
    </Button>
  );
  return (
    <PageBody>
      <PageHeader title={t.title} note={t.subtitle} actions={list && list.length > 0 && add} />
      {tags.error && !list ? (
        <ErrorState error={tags.error} title={text.desk.tags.failed} onRetry={() => void tags.refetch()} />
      ) : !list ? (
        <PageLoading />
      ) : list.length === 0 ? (
        <EmptyState icon={IconTags} title={t.emptyTitle} actions={add}>
          {t.emptyBody}
        </EmptyState>
      ) : (
        <div className={panel.panel}>
          {list.map((tag) => (
            <Row key={tag.id} tag={tag} onEdit={() => setOpen({ tag })} />
          ))}
        </div>
      )}
      {open && <TagForm tag={open.tag} onClose={() => setOpen(null)} />}
    </PageBody>
  );
}

function Row({ tag, onEdit }: { tag: UsedTag; onEdit: () => void }) {
  const confirm = useConfirm();
  const remove = useDeleteTag();
  const used = t.used(tag.conversations);
  const askRemove = async () => {
    const question = { title: t.deleteTitle(tag.name), body: t.deleteBody(used), action: t.delete, danger: true };
    if (await confirm(question)) remove.mutate(tag.id, { onSuccess: () => notifyDone(t.deleted) });
  };
  return (
    <div className={panel.row}>
      <div className={panel.main}>
        <TagMark tag={tag} />
      </div>
      <Anchor component={Link} to={`/conversations?tag=${tag.id}`} size="sm" title={t.show(tag.name)}>
        {used}
      </Anchor>
      <Group gap={6} wrap="nowrap">
        <Button size="compact-sm" variant="default" aria-label={t.editOf(tag.name)} onClick={onEdit}>
          {t.edit}
        </Button>
        <ActionIcon aria-label={t.deleteOf(tag.name)} title={t.delete} onClick={() => void askRemove()}>
          <IconTrash size={17} stroke={1.7} />
        </ActionIcon>
      </Group>
    </div>
  );
}
