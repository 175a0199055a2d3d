import { ActionIcon, Button, Center, Table, Text, Tooltip } from '@mantine/core';
import { IconArrowLeft, IconDownload, IconFileImport, IconPlayerStop, IconTrash } from '@tabler/icons-react';
import { Link } from 'react-router';
import type { Export } from '@/api/types';
import { Can } from '@/auth/Can';
import { useCan } from '@/auth/useMe';
import { EmptyState } from '@/parts/EmptyState';
import { ErrorState } from '@/parts/ErrorState';
import { PageBody } from '@/parts/PageBody';
import { PageHeader } from '@/parts/PageHeader';
import { PageLoading } from '@/parts/PageLoading';
import { RelativeTime } from '@/parts/RelativeTime';
import { Tag } from '@/parts/Tag';
import { fileSize, number } from '@/parts/number';
import { fullTime } from '@/parts/time';
import panel from '@/pages/settings/Panel.module.css';
import { text } from '@/text/en';
import { FileButton } from './ExportDialog';
import classes from './Exports.module.css';
import { Progress } from './Progress';
import { useEndExport, useExports } from './queries';
import { countOf, isFinished } from './request';

const t = text.exports;

/** The exports that were made: how they stand, and their files. */
export default function ExportsPage() {
  const may = useCan('conversations:export');
  return (
    <PageBody>
      <PageHeader
        title={t.title}
        note={t.subtitle}
        actions={
          <>
            <Can permission="settings:write">
              <Button
                component={Link}
                to="/settings/imports"
                variant="default"
                leftSection={<IconFileImport size={16} />}
              >
                {text.imports.toImport}
              </Button>
            </Can>
            <Button component={Link} to="/conversations" variant="default" leftSection={<IconArrowLeft size={16} />}>
              {t.back}
            </Button>
          </>
        }
      />
      {!may && <Text size="sm">{t.notAllowed}</Text>}
      <Can permission="conversations:export">
        <Made />
      </Can>
    </PageBody>
  );
}

function Made() {
  const list = useExports();
  const all = list.data?.pages.flatMap((p) => p.data);
  if (list.error && !all) {
    return <ErrorState error={list.error} title={t.loadFailed} onRetry={() => void list.refetch()} />;
  }
  if (!all) return <PageLoading />;
  if (all.length === 0) {
    return (
      <EmptyState
        icon={IconDownload}
        title={t.emptyTitle}
        actions={
          <Button component={Link} to="/conversations">
            {t.toConversations}
          </Button>
        }
      >
        {t.emptyBody}
      </EmptyState>
    );
  }
  return (
    <>
      <div className={`${panel.panel} ${panel.scroll}`}>
        <Table verticalSpacing="sm" horizontalSpacing="md" className={`${panel.table} ${classes.table}`}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t.columnsOfList.what}</Table.Th>
              <Table.Th>{t.columnsOfList.state}</Table.Th>
              <Table.Th className={panel.wide}>{t.columnsOfList.made}</Table.Th>
              <Table.Th className={panel.wide}>{t.columnsOfList.expires}</Table.Th>
              <Table.Th>
                <span className="sr-only">{t.columnsOfList.actions}</span>
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {all.map((e) => (
              <Row key={e.id} of={e} />
            ))}
          </Table.Tbody>
        </Table>
      </div>
      {list.hasNextPage && (
        <Center>
          <Button variant="default" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            {t.more}
          </Button>
        </Center>
      )}
    </>
  );
}

function Row({ of: e }: { of: Export }) {
  const end = useEndExport();
  const name = t.formats[e.request.format];
  const stop = isFinished(e) ? t.remove : t.cancel;
  return (
    <Table.Tr>
      <Table.Td className={classes.what}>
        <Text size="sm" fw={580}>
          {name}
        </Text>
        <Text size="sm" c="dimmed">
          {describe(e)}
        </Text>
      </Table.Td>
      <Table.Td className={classes.bar}>
        {isFinished(e) ? (
          <>
            <Tag tone={tones[e.state]}>{t.states[e.state]}</Tag>
            <Text size="sm" c="dimmed" className="tabular">
              {e.error ?? `${t.conversations(number(e.done), e.done === 1)} · ${fileSize(e.size)}`}
            </Text>
          </>
        ) : (
          <Progress of={e} />
        )}
      </Table.Td>
      <Table.Td className={panel.wide}>
        <Text size="sm">
          <RelativeTime at={e.created_at} />
        </Text>
        <Text size="sm" c="dimmed">
          {t.by(e.created_by?.name ?? t.program)}
        </Text>
      </Table.Td>
      <Table.Td className={panel.wide}>{e.file && <Text size="sm">{fullTime(e.file.expires_at)}</Text>}</Table.Td>
      <Table.Td>
        <span style={{ display: 'flex', gap: 6, justifyContent: 'flex-end' }}>
          <FileButton of={e} compact />
          <Tooltip label={stop}>
            <ActionIcon variant="subtle" aria-label={`${stop}: ${name}`} onClick={() => void end(e)}>
              {isFinished(e) ? <IconTrash size={17} /> : <IconPlayerStop size={17} />}
            </ActionIcon>
          </Tooltip>
        </span>
      </Table.Td>
    </Table.Tr>
  );
}

const tones = {
  queued: 'quiet',
  running: 'accent',
  done: 'good',
  failed: 'danger',
  canceled: 'quiet',
  expired: 'quiet',
} as const;

/** What was exported, in a few words. */
function describe(e: Export): string {
  const ids = e.request.conversation_ids?.length ?? 0;
  const parts = [ids > 0 ? t.chosen(ids) : t.filtered(countOf(e))];
  if (e.request.hide?.length) parts.push(t.hides);
  return parts.join(' · ');
}
