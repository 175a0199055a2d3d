import { Stack, Text, TextInput } from '@mantine/core';
import type { Sender } from '@/api/types';
import { CopyButton } from '@/parts/CopyButton';
import { text } from '@/text/en';

const t = text.whatsapp.form;

/** What to enter in Meta's app dashboard. */
export function Hook({ sender }: { sender: Sender }) {
  return (
    <Stack gap="xs">
      <Text fw={580} size="sm">
        {t.hookTitle}
      </Text>
      <Text size="sm" c="dimmed">
        {t.hookBody}
      </Text>
      <Copied label={t.hookURL} value={sender.app.webhook_url} />
      {sender.app.verify_token && <Copied label={t.verifyToken} value={sender.app.verify_token} />}
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
