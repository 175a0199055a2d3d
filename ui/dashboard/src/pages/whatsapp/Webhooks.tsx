import { Button, Group, Modal, SegmentedControl, Stack, Table, Text } from '@mantine/core';
import { IconWebhook } from '@tabler/icons-react';
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, data } from '@/api/client';
import type { Sender, Webhook } from '@/api/types';
import { useCan } from '@/auth/useMe';
import { EmptyState } from '@/parts/EmptyState';
import { ErrorState } from '@/parts/ErrorState';
import { PageLoading } from '@/parts/PageLoading';
import { RelativeTime } from '@/parts/RelativeTime';
import { Tag } from '@/parts/Tag';
import { notifyDone } from '@/parts/notify';
import { fileSize } from '@/parts/number';
import { text } from '@/text/en';
import panel from '../settings/Panel.module.css';
import classes from './WhatsApp.module.css';

const t = text.whatsapp.webhooks;

type State = Webhook['state'] | 'all';
const tones = { waiting: 'warn', done: 'good', failed: 'danger' } as const;

/** What Meta has posted, as it came, and what became of it. */
export default function Webhooks({ sender }: { sender: Sender }) {
  const [state, setState] = useState<State>('all');
  const [opened, setOpened] = useState<string | null>(null);
  const log = useInfiniteQuery({
    queryKey: ['senders', sender.id, 'webhooks', state],
    queryFn: ({ pageParam, signal }) =>
      data(
        api.GET('/api/v1/whatsapp/senders/{id}/webhooks', {
          params: {
            path: { id: sender.id },
            query: { limit: 50, cursor: pageParam || undefined, state: state === 'all' ? undefined : state },
          },
          signal,
        }),
      ),
    initialPageParam: '',
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    refetchInterval: 15_000,
  });
  const all = log.data?.pages.flatMap((p) => p.data) ?? [];
  return (
    <Stack gap="md">
      <Group justify="space-between" gap="xs">
        <Text size="sm" c="dimmed">
          {t.note}
        </Text>
        <SegmentedControl
          size="xs"
          aria-label={t.filter}
          value={state}
          onChange={(v) => setState(v as State)}
          data={[
            { value: 'all', label: t.all },
            ...(['waiting', 'done', 'failed'] as const).map((v) => ({ value: v, label: t.states[v] })),
          ]}
        />
      </Group>
      {log.error ? (
        <ErrorState error={log.error} onRetry={() => void log.refetch()} />
      ) : log.isPending ? (
        <PageLoading />
      ) : all.length === 0 ? (
        <EmptyState icon={IconWebhook} title={t.empty}>
          {t.emptyBody}
        </EmptyState>
      ) : (
        <div className={`${panel.panel} ${panel.scroll}`} tabIndex={0} role="region" aria-label={t.title}>
          <Table className={panel.table} highlightOnHover>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t.columns.at}</Table.Th>
                <Table.Th>{t.columns.about}</Table.Th>
                <Table.Th>{t.columns.updates}</Table.Th>
                <Table.Th>{t.columns.state}</Table.Th>
                <Table.Th>
                  <span className="sr-only">{text.common.more}</span>
                </Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {all.map((w) => (
                <Table.Tr key={w.id}>
                  <Table.Td>
                    <RelativeTime at={w.received_at} />
                  </Table.Td>
                  <Table.Td>
                    {w.fields.join(', ') || '–'} <span className={classes.quiet}>{fileSize(w.size)}</span>
                  </Table.Td>
                  <Table.Td className="tabular">
                    {w.updates}
                    {w.unknown > 0 && <span className={classes.quiet}> · {t.unknown(w.unknown)}</span>}
                  </Table.Td>
                  <Table.Td>
                    <Tag tone={tones[w.state]}>{t.states[w.state]}</Tag>
                    {w.error && <div className={classes.quiet}>{w.error}</div>}
                  </Table.Td>
                  <Table.Td>
                    <Button size="compact-xs" variant="default" onClick={() => setOpened(w.id)}>
                      {t.open}
                    </Button>
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </div>
      )}
      {log.hasNextPage && (
        <Group justify="center">
          <Button variant="default" loading={log.isFetchingNextPage} onClick={() => void log.fetchNextPage()}>
            {t.more}
          </Button>
        </Group>
      )}
      {opened && <OneWebhook sender={sender.id} id={opened} onClose={() => setOpened(null)} />}
    </Stack>
  );
}

function OneWebhook({ sender, id, onClose }: { sender: string; id: string; onClose: () => void }) {
  const client = useQueryClient();
  const may = useCan('settings:write');
  const params = { path: { id: sender, webhook_id: id } };
  const webhook = useQuery({
    queryKey: ['senders', sender, 'webhook', id],
    queryFn: ({ signal }) => data(api.GET('/api/v1/whatsapp/senders/{id}/webhooks/{webhook_id}', { params, signal })),
  });
  const again = useMutation({
    mutationFn: () => data(api.POST('/api/v1/whatsapp/senders/{id}/webhooks/{webhook_id}/process', { params })),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ['senders', sender] });
      notifyDone(t.done);
      onClose();
    },
  });
  return (
    <Modal opened onClose={onClose} title={t.body} size="xl">
      {webhook.error ? (
        <ErrorState error={webhook.error} onRetry={() => void webhook.refetch()} />
      ) : webhook.data ? (
        <Stack gap="sm">
          {webhook.data.error && <Text size="sm">{webhook.data.error}</Text>}
          <pre className={classes.body} tabIndex={0}>
            {pretty(webhook.data.body ?? '')}
          </pre>
          {may && (
            <Group justify="flex-end">
              <Button loading={again.isPending} onClick={() => again.mutate()}>
                {t.again}
              </Button>
            </Group>
          )}
        </Stack>
      ) : (
        <PageLoading />
      )}
    </Modal>
  );
}

// What is not JSON, or nested too deeply, is shown as it came.
function pretty(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}
