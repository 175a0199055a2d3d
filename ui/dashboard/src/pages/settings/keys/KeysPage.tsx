import { Anchor, Button, Code, Group, Table, Text } from '@mantine/core';
import { IconArrowUpRight, IconKey, IconPlus } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, data } from '@/api/client';
import type { APIKey } from '@/api/types';
import { useConfirm } from '@/parts/Confirm';
import { EmptyState } from '@/parts/EmptyState';
import { ErrorState } from '@/parts/ErrorState';
import { PageBody } from '@/parts/PageBody';
import { PageHeader } from '@/parts/PageHeader';
import { PageLoading } from '@/parts/PageLoading';
import { RelativeTime } from '@/parts/RelativeTime';
import { Tag } from '@/parts/Tag';
import { notifyDone } from '@/parts/notify';
import { text } from '@/text/en';
import panel from '../Panel.module.css';
import { NewKey } from './NewKey';

const t = text.settings.keys;

/** The keys by which programs act in the workspace. */
export default function KeysPage() {
  const keys = useQuery({
    queryKey: ['api-keys'],
    queryFn: ({ signal }) => data(api.GET('/api/v1/api-keys', { signal })),
  });
  const [making, setMaking] = useState(false);
  const list = keys.data?.data;
  const add = (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setMaking(true)}>
      {t.create}
    </Button>
  );
  return (
    <PageBody>
      <PageHeader
        title={t.title}
        note={
          <>
            {t.subtitle}{' '}
            <Anchor href="/docs" target="_blank" size="sm" underline="always">
              {t.docs}
              <IconArrowUpRight size={13} aria-hidden />
            </Anchor>
          </>
        }
        actions={list && list.length > 0 && add}
      />
      {keys.error ? (
        <ErrorState error={keys.error} title={t.loadFailed} onRetry={() => void keys.refetch()} />
      ) : !list ? (
        <PageLoading />
      ) : list.length === 0 ? (
        <EmptyState icon={IconKey} title={t.emptyTitle} actions={add}>
          {t.emptyBody}
        </EmptyState>
      ) : (
        <Rows keys={list} />
      )}
      {making && <NewKey onClose={() => setMaking(false)} />}
    </PageBody>
  );
}

function Rows({ keys }: { keys: APIKey[] }) {
  const client = useQueryClient();
  const confirm = useConfirm();
  const revoke = useMutation({
    mutationFn: (key: APIKey) => data(api.DELETE('/api/v1/api-keys/{id}', { params: { path: { id: key.id } } })),
    onSuccess: (_, key) => notifyDone(t.revoked(key.name)),
    onSettled: () => client.invalidateQueries({ queryKey: ['api-keys'] }),
  });
  const ask = async (key: APIKey) => {
    const question = { title: t.revokeTitle(key.name), body: t.revokeBody, action: t.revoke, danger: true };
    if (await confirm(question)) revoke.mutate(key);
  };
  return (
    <div className={panel.panel}>
      <Table verticalSpacing="sm" horizontalSpacing="md" className={panel.table}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t.columns.name}</Table.Th>
            <Table.Th className={panel.wide}>{t.columns.scopes}</Table.Th>
            <Table.Th className={panel.wide}>{t.columns.used}</Table.Th>
            <Table.Th>
              <span className="sr-only">{t.columns.actions}</span>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {keys.map((key) => (
            <Table.Tr key={key.id}>
              <Table.Td>
                <Text size="sm" fw={580}>
                  {key.name}
                </Text>
                <Code>{key.prefix}…</Code>
              </Table.Td>
              <Table.Td className={panel.wide}>
                <Group gap={4}>
                  {key.scopes.map((scope) => (
                    <Tag key={scope}>{scope}</Tag>
                  ))}
                </Group>
              </Table.Td>
              <Table.Td className={panel.wide}>
                {key.last_used_at ? <RelativeTime at={key.last_used_at} /> : t.never}
              </Table.Td>
              <Table.Td ta="right">
                <Button
                  variant="default"
                  size="compact-sm"
                  aria-label={`${t.revoke} ${key.name}`}
                  loading={revoke.isPending && revoke.variables.id === key.id}
                  onClick={() => void ask(key)}
                >
                  {t.revoke}
                </Button>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}
