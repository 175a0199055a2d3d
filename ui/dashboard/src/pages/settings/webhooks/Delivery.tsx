import { Anchor, Button, Group, Stack, Text } from '@mantine/core';
import { Link } from 'react-router';
import type { WebhookAttempt, WebhookDelivery } from '@/api/types';
import { CopyButton } from '@/parts/CopyButton';
import { ErrorState } from '@/parts/ErrorState';
import { PageLoading } from '@/parts/PageLoading';
import { fullTime, millis } from '@/parts/time';
import { text } from '@/text/en';
import classes from './Webhooks.module.css';
import { useDelivery, useSendAgain } from './queries';

const t = text.webhooks.deliveries;

/** One delivery: what was posted, and what was answered each time. */
export function Delivery({ endpoint, of }: { endpoint: string; of: WebhookDelivery }) {
  const delivery = useDelivery(endpoint, of.id);
  const again = useSendAgain(endpoint, of);
  if (delivery.error && !delivery.data) {
    return <ErrorState error={delivery.error} onRetry={() => void delivery.refetch()} />;
  }
  if (!delivery.data) return <PageLoading />;
  const d = delivery.data;
  const last = d.log[0];
  return (
    <Stack gap="sm">
      <Group gap="sm">
        <Button size="compact-sm" loading={again.isPending} onClick={() => again.mutate()}>
          {d.state === 'pending' ? t.sendNow : t.again}
        </Button>
        {d.conversation_id && (
          <Anchor component={Link} to={`/conversations/${d.conversation_id}`} size="sm" underline="always">
            {t.conversation}
          </Anchor>
        )}
        {d.next_attempt_at && (
          <Text size="sm" c="dimmed">
            {t.next}: {fullTime(d.next_attempt_at)}
          </Text>
        )}
      </Group>
      <Text size="sm" fw={580}>
        {t.request}
      </Text>
      {last && <Block name={t.request}>{headers(last.request_headers)}</Block>}
      <Group justify="space-between">
        <Text size="sm" fw={580}>
          {t.body}
        </Text>
        <CopyButton value={d.body} />
      </Group>
      <Block name={t.body}>{pretty(d.body)}</Block>
      {d.log.map((a) => (
        <Attempt key={a.number} of={a} />
      ))}
    </Stack>
  );
}

function Attempt({ of: a }: { of: WebhookAttempt }) {
  return (
    <div>
      <Text size="sm" fw={580}>
        {t.attempt(a.number)}: {t.answer(a.status)}
      </Text>
      <Text size="sm" c="dimmed" mb={6}>
        {fullTime(a.at)}, {t.took(millis(a.duration_ms))}
        {a.error && ` · ${a.error}`}
      </Text>
      {a.status !== null && (
        <Block name={`${t.attempt(a.number)}: ${t.answer(a.status)}`}>
          {`${headers(a.response_headers)}\n\n${a.response || t.noBody}`}
        </Block>
      )}
    </div>
  );
}

function Block({ name, children }: { name: string; children: string }) {
  return (
    <pre className={classes.block} tabIndex={0} role="region" aria-label={name}>
      {children}
    </pre>
  );
}

const headers = (all: Record<string, string>): string =>
  Object.entries(all)
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n');

// What is nested too deeply is shown as it was posted.
function pretty(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}
