import { ActionIcon, Button, Group, Menu, Stack, Text } from '@mantine/core';
import { IconDots, IconKey, IconTrash } from '@tabler/icons-react';
import type { WebhookEndpoint } from '@/api/types';
import { useConfirm } from '@/parts/Confirm';
import { Notice } from '@/parts/Notice';
import { RelativeTime } from '@/parts/RelativeTime';
import { Tag } from '@/parts/Tag';
import { fullTime, millis } from '@/parts/time';
import { text } from '@/text/en';
import panel from '../Panel.module.css';
import classes from './Webhooks.module.css';
import { useRemove, useRenew, useSwitchOn, useTest } from './queries';

const t = text.webhooks;

interface Props {
  of: WebhookEndpoint;
  onEdit: () => void;
  onLog: () => void;
  onSecret: (secret: string) => void;
}

/** A webhook, how it is doing, and what can be done with it. */
export function EndpointRow({ of: endpoint, onEdit, onLog, onSecret }: Props) {
  const test = useTest(endpoint);
  const on = useSwitchOn(endpoint);
  const failing = endpoint.enabled && endpoint.failing_since;
  return (
    <section className={classes.endpoint} aria-label={endpoint.url}>
      <Group gap="sm" align="flex-start" className={classes.head}>
        <div className={panel.main}>
          <Group gap="xs">
            <span className={classes.url}>{endpoint.url}</span>
            <Tag tone={!endpoint.enabled ? 'quiet' : failing ? 'warn' : 'good'}>
              {!endpoint.enabled ? t.off : failing ? t.failing : t.on}
            </Tag>
          </Group>
          {endpoint.description && <Text size="sm">{endpoint.description}</Text>}
          <Group gap={4} mt={6}>
            {endpoint.events.map((event) => (
              <Tag key={event}>{event}</Tag>
            ))}
          </Group>
          {failing && (
            <Text size="sm" c="dimmed" mt={6}>
              {t.failingSince} <RelativeTime at={failing} />
            </Text>
          )}
          {endpoint.old_secret_until && (
            <Text size="sm" c="dimmed" mt={6}>
              {t.oldSecret(fullTime(endpoint.old_secret_until))}
            </Text>
          )}
        </div>
        <Actions of={endpoint} testing={test.isPending} onTest={() => test.mutate()} {...{ onEdit, onLog, onSecret }} />
      </Group>
      {endpoint.disabled_at && (
        <Notice tone="warn" title={t.disabledTitle}>
          <Stack gap="xs" align="flex-start">
            <span>
              {endpoint.disabled_reason} {t.disabledBody}
            </span>
            <Button size="compact-sm" variant="default" loading={on.isPending} onClick={() => on.mutate()}>
              {t.switchOn}
            </Button>
          </Stack>
        </Notice>
      )}
      <div role="status">
        {test.data && (
          <Notice
            tone={test.data.last_attempt?.error ? 'warn' : 'good'}
            title={
              test.data.last_attempt?.error ? t.testBad : t.testOK(millis(test.data.last_attempt?.duration_ms ?? 0))
            }
          >
            {test.data.last_attempt?.error}
          </Notice>
        )}
      </div>
    </section>
  );
}

interface ActionProps extends Props {
  testing: boolean;
  onTest: () => void;
}

function Actions({ of: endpoint, testing, onTest, onEdit, onLog, onSecret }: ActionProps) {
  const confirm = useConfirm();
  const renew = useRenew();
  const remove = useRemove();
  const askRenew = async () => {
    if (!(await confirm({ title: t.renewTitle, body: t.renewBody, action: t.renew }))) return;
    renew.mutate(endpoint.id, { onSuccess: (made) => onSecret(made.secret) });
  };
  const askRemove = async () => {
    const question = { title: t.removeTitle, body: t.removeBody, action: t.remove, danger: true };
    if (await confirm(question)) remove.mutate(endpoint.id);
  };
  return (
    <Group gap={6}>
      <Button
        size="compact-sm"
        variant="default"
        loading={testing}
        aria-label={t.testOf(endpoint.url)}
        onClick={onTest}
      >
        {t.test}
      </Button>
      <Button size="compact-sm" variant="default" aria-label={t.logOf(endpoint.url)} onClick={onLog}>
        {t.log}
      </Button>
      <Button size="compact-sm" variant="default" aria-label={`${t.edit} ${endpoint.url}`} onClick={onEdit}>
        {t.edit}
      </Button>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="subtle" aria-label={t.more(endpoint.url)}>
            <IconDots size={17} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconKey size={16} />} onClick={() => void askRenew()}>
            {t.renew}
          </Menu.Item>
          <Menu.Item leftSection={<IconTrash size={16} />} onClick={() => void askRemove()}>
            {t.remove}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </Group>
  );
}
