import { Button, Group, SegmentedControl, Skeleton, Stack, Table, Text, TextInput } from '@mantine/core';
import { useDebouncedValue, useDisclosure } from '@mantine/hooks';
import { IconMessageChatbot, IconPlus, IconSearch, IconSearchOff } from '@tabler/icons-react';
import { useState } from 'react';
import { Link } from 'react-router';
import type { Assistant, AssistantStatus } from '@/api/types';
import { useCan } from '@/auth/useMe';
import { EmptyState } from '@/parts/EmptyState';
import { ErrorState } from '@/parts/ErrorState';
import { PageBody } from '@/parts/PageBody';
import { PageHeader } from '@/parts/PageHeader';
import { RelativeTime } from '@/parts/RelativeTime';
import { text } from '@/text/en';
import { AssistantAvatar } from './AssistantAvatar';
import classes from './AssistantList.module.css';
import { ImportAssistant } from './ImportAssistant';
import { ModelLabel } from './ModelLabel';
import { NewAssistant } from './NewAssistant';
import { useAssistantList } from './queries';
import { StatusBadge } from './StatusBadge';

const t = text.assistants;
const statuses: AssistantStatus[] = ['active', 'draft', 'inactive'];

export function AssistantList() {
  const [q, setQ] = useState('');
  const [status, setStatus] = useState<AssistantStatus | ''>('');
  const [search] = useDebouncedValue(q.trim(), 200);
  const [making, make] = useDisclosure(false);
  const mayWrite = useCan('assistants:write');
  const list = useAssistantList(search, status);
  const rows = list.data?.pages.flatMap((page) => page.data);
  const filtered = search !== '' || status !== '';
  const showAll = () => {
    setQ('');
    setStatus('');
  };

  const createButton = mayWrite && (
    <>
      <ImportAssistant />
      <Button leftSection={<IconPlus size={16} />} onClick={make.open}>
        {t.create}
      </Button>
    </>
  );
  const nothingYet = rows?.length === 0 && !filtered;
  return (
    <PageBody>
      <PageHeader title={t.title} note={t.subtitle} actions={!nothingYet && createButton} />
      {!nothingYet && !list.error && (
        <Group gap="sm">
          <TextInput
            aria-label={t.search}
            placeholder={t.search}
            leftSection={<IconSearch size={16} />}
            value={q}
            onChange={(event) => setQ(event.currentTarget.value)}
            className={classes.search}
          />
          <SegmentedControl
            aria-label={t.columns.status}
            value={status}
            onChange={(value) => setStatus(value as AssistantStatus | '')}
            data={[
              { value: '', label: t.allStatuses },
              ...statuses.map((value) => ({ value, label: t.status[value].label })),
            ]}
          />
        </Group>
      )}
      {list.error ? (
        <ErrorState error={list.error} onRetry={() => void list.refetch()} />
      ) : !rows ? (
        <Loading />
      ) : nothingYet ? (
        <EmptyState icon={IconMessageChatbot} title={t.none.title} actions={createButton}>
          {mayWrite ? t.none.body : t.none.viewer}
        </EmptyState>
      ) : rows.length === 0 ? (
        <EmptyState
          icon={IconSearchOff}
          title={t.none.noMatch}
          actions={
            <Button variant="default" onClick={showAll}>
              {t.none.clear}
            </Button>
          }
        >
          {t.none.noMatchBody}
        </EmptyState>
      ) : (
        <Rows rows={rows} />
      )}
      {list.hasNextPage && (
        <Group justify="center">
          <Button variant="default" onClick={() => void list.fetchNextPage()} loading={list.isFetchingNextPage}>
            {t.more}
          </Button>
        </Group>
      )}
      {mayWrite && <NewAssistant opened={making} onClose={make.close} />}
    </PageBody>
  );
}

function Rows({ rows }: { rows: Assistant[] }) {
  return (
    <div className={classes.panel}>
      <Table verticalSpacing="sm" horizontalSpacing="md" className={classes.table}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t.columns.name}</Table.Th>
            <Table.Th>{t.columns.status}</Table.Th>
            <Table.Th className={classes.wide}>{t.columns.model}</Table.Th>
            <Table.Th className={classes.wide}>{t.columns.version}</Table.Th>
            <Table.Th className={classes.middle}>{t.columns.changed}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Row key={row.id} assistant={row} />
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}

function Row({ assistant }: { assistant: Assistant }) {
  const { id, name, status, version, config, updated_at } = assistant;
  return (
    <Table.Tr className={classes.row}>
      <Table.Td>
        <Group gap="sm" wrap="nowrap">
          <AssistantAvatar avatar={config.avatar} name={name} />
          <Stack gap={0} className={classes.name}>
            <Link to={`/assistants/${id}`} className={classes.link}>
              {name}
            </Link>
            <Text size="xs" c="dimmed" truncate>
              {firstLine(config.prompt)}
            </Text>
          </Stack>
        </Group>
      </Table.Td>
      <Table.Td>
        <StatusBadge status={status} />
      </Table.Td>
      <Table.Td className={classes.wide}>
        <ModelLabel model={config.model} />
      </Table.Td>
      <Table.Td className={`${classes.wide} tabular`}>{t.version(version)}</Table.Td>
      <Table.Td className={classes.middle}>
        <RelativeTime at={updated_at} />
      </Table.Td>
    </Table.Tr>
  );
}

function firstLine(prompt: string): string {
  return (
    prompt
      .split('\n', 1)[0]
      ?.replace(/^#+\s*/, '')
      .slice(0, 160) ?? ''
  );
}

function Loading() {
  return (
    <div className={classes.panel} role="status" aria-label={text.common.loading}>
      {[0, 1, 2].map((i) => (
        <Group key={i} p="md" gap="sm" wrap="nowrap">
          <Skeleton w={36} h={36} radius="md" />
          <Stack gap={8} flex={1}>
            <Skeleton h={12} w="28%" />
            <Skeleton h={10} w="55%" />
          </Stack>
        </Group>
      ))}
    </div>
  );
}
