import { Anchor, Button, Group, Stack, Table, Text } from '@mantine/core';
import { IconPlayerPlay, IconRefresh } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from 'react-router';
import { api, data } from '@/api/client';
import type { Sender } from '@/api/types';
import { useCan } from '@/auth/useMe';
import { useConfirm } from '@/parts/Confirm';
import { Notice } from '@/parts/Notice';
import { RelativeTime } from '@/parts/RelativeTime';
import { notifyDone } from '@/parts/notify';
import { text } from '@/text/en';
import panel from '../settings/Panel.module.css';
import { SenderFacts } from './SenderFacts';

const t = text.whatsapp.health;

/** How a number is, what stops it, and what that means. */
export function Health({ sender: s }: { sender: Sender }) {
  const client = useQueryClient();
  const confirm = useConfirm();
  const mayCheck = useCan('conversations:write');
  const mayResume = useCan('settings:write');
  const params = { path: { id: s.id } };
  const done = (words: string) => () => {
    void client.invalidateQueries({ queryKey: ['senders'] });
    void client.invalidateQueries({ queryKey: ['alerts'] });
    notifyDone(words);
  };
  const check = useMutation({
    mutationFn: () => data(api.POST('/api/v1/whatsapp/senders/{id}/check', { params })),
    onSuccess: done(t.checked),
  });
  const resume = useMutation({
    mutationFn: () => data(api.POST('/api/v1/whatsapp/senders/{id}/resume', { params })),
    onSuccess: done(t.resumed),
  });
  const ask = async () => {
    if (await confirm({ title: t.resumeTitle, body: t.resumeBody, action: t.resume })) resume.mutate();
  };
  const h = s.health;
  return (
    <Stack gap="md">
      {h.stopped && (
        <Notice tone="danger" title={text.whatsapp.stopped[h.stopped]}>
          <Stack gap="xs" align="flex-start">
            {h.last_error?.message}
            {mayResume && (
              <Button
                size="compact-sm"
                leftSection={<IconPlayerPlay size={14} />}
                loading={resume.isPending}
                onClick={() => void ask()}
              >
                {t.resume}
              </Button>
            )}
          </Stack>
        </Notice>
      )}
      {h.unpaid && (
        <Notice tone="danger" title={t.unpaidTitle}>
          {t.unpaid}
        </Notice>
      )}
      <section className={`${panel.panel} ${panel.padded}`}>
        <SenderFacts sender={s} />
        {mayCheck && (
          <Group mt="md">
            <Button
              size="compact-sm"
              variant="default"
              leftSection={<IconRefresh size={14} />}
              loading={check.isPending}
              onClick={() => check.mutate()}
            >
              {t.check}
            </Button>
          </Group>
        )}
      </section>
      {h.last_error && !h.stopped && (
        <Notice tone="warn" title={t.lastError}>
          {h.last_error.message} {h.last_error_at && <RelativeTime at={h.last_error_at} />}
        </Notice>
      )}
      <section className={`${panel.panel} ${panel.padded}`}>
        <Text fw={580} size="sm" mb="xs">
          {t.recent}
        </Text>
        {h.recent_errors.length === 0 ? (
          <Text size="sm" c="dimmed">
            {t.none}
          </Text>
        ) : (
          <Stack gap={6}>
            {h.recent_errors.map((e) => (
              <Text key={e.message_id} size="sm">
                <RelativeTime at={e.at} /> · {e.message}{' '}
                <Anchor
                  component={Link}
                  to={`/conversations/${e.conversation_id}#${e.message_id}`}
                  size="sm"
                  underline="always"
                >
                  {t.open}
                </Anchor>
              </Text>
            ))}
          </Stack>
        )}
      </section>
      <section className={`${panel.panel} ${panel.padded}`}>
        <Text fw={580} size="sm" mb={4}>
          {t.tableTitle}
        </Text>
        <Text size="sm" c="dimmed" mb="sm">
          {t.tableNote}
        </Text>
        <Table className={panel.table}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t.columns.limit}</Table.Th>
              <Table.Th>{t.columns.means}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {t.tiers.map(([limit, means]) => (
              <Table.Tr key={limit}>
                <Table.Td className="tabular">{limit}</Table.Td>
                <Table.Td>{means}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
        <Text size="sm" c="dimmed" mt="sm">
          {t.qualityNote}
        </Text>
      </section>
    </Stack>
  );
}
