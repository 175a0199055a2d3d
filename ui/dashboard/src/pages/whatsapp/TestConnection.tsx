import { Button, Stack, Text } from '@mantine/core';
import { IconPlugConnected } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { api, data } from '@/api/client';
import { Notice } from '@/parts/Notice';
import { Tag } from '@/parts/Tag';
import { text } from '@/text/en';
import classes from './WhatsApp.module.css';

const t = text.whatsapp.form;

const tones = { ok: 'good', warning: 'warn', failed: 'danger', skipped: 'quiet' } as const;

interface Settings {
  id?: string;
  phone_number_id?: string;
  waba_id?: string;
  base_url?: string;
  graph_version?: string;
  token?: string;
}

/** Tries the settings, step by step, and says what to do about what does not work. */
export function TestConnection({ settings }: { settings: Settings }) {
  const test = useMutation({
    mutationFn: () => data(api.POST('/api/v1/whatsapp/senders/test', { body: settings })),
  });
  return (
    <Stack gap="xs" align="flex-start">
      <Button
        variant="default"
        leftSection={<IconPlugConnected size={16} />}
        loading={test.isPending}
        onClick={() => test.mutate()}
      >
        {t.test}
      </Button>
      <Text size="xs" c="dimmed">
        {t.testHelp}
      </Text>
      {test.error && <Notice tone="danger">{test.error.message}</Notice>}
      {test.data && (
        <ul className={classes.checks} aria-live="polite">
          {test.data.checks.map((c) => (
            <li key={c.step}>
              <Tag tone={tones[c.state]}>{t.states[c.state]}</Tag>
              <span>
                <strong>{t.checks[c.step]}:</strong> {c.message}
              </span>
              {c.hint && <small>{c.hint}</small>}
            </li>
          ))}
        </ul>
      )}
    </Stack>
  );
}
