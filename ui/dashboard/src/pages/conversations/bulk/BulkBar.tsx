import { ActionIcon, Button, Menu, Tooltip } from '@mantine/core';
import {
  IconDots,
  IconDownload,
  IconEyeCheck,
  IconEyeOff,
  IconPlayerStop,
  IconRefresh,
  IconTag,
  IconTagOff,
  IconX,
} from '@tabler/icons-react';
import { useState } from 'react';
import type { StartBulk } from '@/api/types';
import { useCan } from '@/auth/useMe';
import { TagMark } from '@/desk/TagMark';
import { useTags } from '@/desk/queries';
import { ExportDialog } from '@/pages/exports/ExportDialog';
import { toFilter } from '@/pages/exports/request';
import { useConfirm } from '@/parts/Confirm';
import { number } from '@/parts/number';
import { text } from '@/text/en';
import { type Filters, countFilters } from '../filters';
import classes from './BulkBar.module.css';
import { useBulk } from './useBulk';
import type { Choice } from './useChoice';

const t = text.bulk;

type Action = StartBulk['action'];

/** What can be done to all conversations that are chosen. */
export function BulkBar({ choice, filters }: { choice: Choice; filters: Filters }) {
  const tags = useTags().data?.data ?? [];
  const confirm = useConfirm();
  const start = useBulk();
  const { ids, whole } = choice;
  const mayExport = useCan('conversations:export');
  const [exporting, setExporting] = useState(false);
  const ready = whole || ids.length > 0;

  const begin = async (action: Action, tag?: string) => {
    const costly = action === 'end' || action === 'evaluate';
    if (costly || whole) {
      const about = whole ? t.confirm.whole : t.confirm.these(number(ids.length), ids.length === 1);
      const then = action === 'end' || action === 'evaluate' ? t.confirm[action] : t.confirm.undo;
      const title = t.confirm.title(t.actions[action]);
      if (!(await confirm({ title, body: `${about} ${then}`, action: t.actions[action], danger: action === 'end' })))
        return;
    }
    start.mutate(
      {
        action,
        ...(tag && { tag_id: tag }),
        ...(whole ? { filter: toFilter(filters, new Date()) } : { conversation_ids: ids }),
      },
      { onSuccess: choice.end },
    );
  };

  return (
    <div className={classes.bar} role="toolbar" aria-label={t.bar}>
      <span className={classes.count} role="status">
        {whole ? t.whole : ids.length > 0 ? t.chosen(number(ids.length)) : t.none}
      </span>
      <Button size="compact-sm" variant="subtle" onClick={() => choice.setWhole(!whole)}>
        {whole ? t.chooseLoaded : t.chooseWhole}
      </Button>
      <Menu shadow="md" width={240}>
        <Menu.Target>
          <Button size="compact-sm" variant="default" disabled={!ready} leftSection={<IconTag size={14} />}>
            {t.tag}
          </Button>
        </Menu.Target>
        <Menu.Dropdown mah={360} style={{ overflowY: 'auto' }}>
          {tags.length === 0 && <Menu.Label>{t.noTags}</Menu.Label>}
          {tags.length > 0 && <Menu.Label>{t.putOn}</Menu.Label>}
          {tags.map((tag) => (
            <Menu.Item key={tag.id} leftSection={<IconTag size={15} />} onClick={() => void begin('tag', tag.id)}>
              <TagMark tag={tag} />
            </Menu.Item>
          ))}
          {tags.length > 0 && <Menu.Label>{t.takeOff}</Menu.Label>}
          {tags.map((tag) => (
            <Menu.Item key={tag.id} leftSection={<IconTagOff size={15} />} onClick={() => void begin('untag', tag.id)}>
              <TagMark tag={tag} />
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      <Button
        size="compact-sm"
        variant="default"
        disabled={!ready}
        leftSection={<IconEyeCheck size={14} />}
        onClick={() => void begin('review')}
      >
        {t.review}
      </Button>
      <Menu shadow="md" width={220} position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="default" disabled={!ready} aria-label={t.more}>
            <IconDots size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconEyeOff size={15} />} onClick={() => void begin('unreview')}>
            {t.actions.unreview}
          </Menu.Item>
          <Menu.Item leftSection={<IconRefresh size={15} />} onClick={() => void begin('evaluate')}>
            {t.actions.evaluate}
          </Menu.Item>
          {mayExport && (
            <Menu.Item leftSection={<IconDownload size={15} />} onClick={() => setExporting(true)}>
              {text.exports.open}
            </Menu.Item>
          )}
          <Menu.Item color="red" leftSection={<IconPlayerStop size={15} />} onClick={() => void begin('end')}>
            {t.actions.end}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {exporting && (
        <ExportDialog
          filter={whole ? toFilter(filters, new Date()) : {}}
          filters={countFilters(filters)}
          {...(!whole && { chosen: ids })}
          onClose={() => setExporting(false)}
        />
      )}
      <Tooltip label={t.stop}>
        <ActionIcon variant="subtle" aria-label={t.stop} onClick={choice.end}>
          <IconX size={16} />
        </ActionIcon>
      </Tooltip>
    </div>
  );
}
