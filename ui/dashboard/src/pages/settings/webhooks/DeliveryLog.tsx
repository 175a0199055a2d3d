import { Accordion, Button, Center, Group, Modal, SegmentedControl, Stack, Text } from '@mantine/core';
import { IconWebhook } from '@tabler/icons-react';
import { useState } from 'react';
import type { WebhookDelivery, WebhookEndpoint } from '@/api/types';
import { EmptyState } from '@/parts/EmptyState';
import { ErrorState } from '@/parts/ErrorState';
import { PageLoading } from '@/parts/PageLoading';
import { RelativeTime } from '@/parts/RelativeTime';
import { Tag } from '@/parts/Tag';
import { text } from '@/text/en';
import { Delivery } from './Delivery';
import classes from './Webhooks.module.css';
import { type State, useDeliveries } from './queries';

const t = text.webhooks.deliveries;
const tones = { pending: 'warn', delivered: 'good', failed: 'danger' } as const;

/** What was sent to an address, with each request and its answer. */
export function DeliveryLog({ endpoint, onClose }: { endpoint: WebhookEndpoint; onClose: () => void }) {
  const [state, setState] = useState<State>('all');
  const [opened, setOpened] = useState<string | null>(null);
  const log = useDeliveries(endpoint.id, state);
  const all = log.data?.pages.flatMap((p) => p.data) ?? [];
  return (
    <Modal
      opened
      onClose={onClose}
      title={text.webhooks.logOf(endpoint.url)}
      size="xl"
      classNames={{ title: classes.title }}
    >
      <Stack gap="md">
        <SegmentedControl
          size="xs"
          aria-label={t.filter}
          value={state}
          onChange={(v) => setState(v as State)}
          data={[
            { value: 'all', label: t.all },
            ...(['pending', 'delivered', 'failed'] as const).map((v) => ({ value: v, label: t.states[v] })),
          ]}
        />
        {log.error && !log.data ? (
          <ErrorState error={log.error} title={t.loadFailed} onRetry={() => void log.refetch()} />
        ) : log.isPending ? (
          <PageLoading />
        ) : all.length === 0 ? (
          <EmptyState icon={IconWebhook} title={t.empty}>
            {t.emptyBody}
          </EmptyState>
        ) : (
          <Accordion variant="separated" value={opened} onChange={setOpened}>
            {all.map((d) => (
              <Accordion.Item key={d.id} value={d.id}>
                <Accordion.Control>
                  <Summary of={d} />
                </Accordion.Control>
                <Accordion.Panel>{opened === d.id && <Delivery endpoint={endpoint.id} of={d} />}</Accordion.Panel>
              </Accordion.Item>
            ))}
          </Accordion>
        )}
        {log.hasNextPage && (
          <Center>
            <Button variant="default" loading={log.isFetchingNextPage} onClick={() => void log.fetchNextPage()}>
              {t.older}
            </Button>
          </Center>
        )}
      </Stack>
    </Modal>
  );
}

function Summary({ of: d }: { of: WebhookDelivery }) {
  return (
    <Group gap="xs">
      <Tag tone={tones[d.state]}>{t.states[d.state]}</Tag>
      <Text size="sm" fw={580}>
        {d.type}
      </Text>
      <Text size="sm" c="dimmed">
        <RelativeTime at={d.created_at} />
        {d.attempts > 0 && ` · ${t.attempts(d.attempts)}`}
      </Text>
      {d.state !== 'delivered' && d.last_attempt?.error && (
        <Text size="sm" c="dimmed" w="100%">
          {d.last_attempt.error}
        </Text>
      )}
    </Group>
  );
}
