import { List, Stack, Text, TextInput, Title } from '@mantine/core';
import type { Sender } from '@/api/types';
import { CopyButton } from '@/parts/CopyButton';
import { Flags } from '@/parts/Flags';
import { Notice } from '@/parts/Notice';
import { text } from '@/text/en';

const t = text.whatsapp.form;

/** A simulator on this machine reaches what the world cannot. */
const isOnThisMachine = (url: string) => /^http:\/\/(127\.|localhost[:/]|\[::1\])/.test(url);

/** What to enter in Meta's app dashboard, and where. */
export function Hook({ sender }: { sender: Sender }) {
  const { webhook_url: url, verify_token: token } = sender.app;
  return (
    <Stack gap="sm">
      <Title order={2}>{t.hookTitle}</Title>
      {!url.startsWith('https:') && !sender.simulated && !isOnThisMachine(sender.base_url) && (
        <Notice tone="warn">
          <Flags>{t.hookNotPublic}</Flags>
        </Notice>
      )}
      <Copied label={t.hookURL} value={url} />
      {token && <Copied label={t.verifyToken} value={token} />}
      {sender.simulated ? (
        <Text size="sm" c="dimmed">
          {t.hookSimulated}
        </Text>
      ) : (
        <List type="ordered" size="sm" spacing={4}>
          {t.hookSteps.map((line) => (
            <List.Item key={line}>{line}</List.Item>
          ))}
        </List>
      )}
    </Stack>
  );
}

function Copied({ label, value }: { label: string; value: string }) {
  return (
    <TextInput
      label={label}
      value={value}
      readOnly
      onFocus={(e) => e.currentTarget.select()}
      rightSection={<CopyButton value={value} name={`${text.common.copy}: ${label}`} />}
    />
  );
}
