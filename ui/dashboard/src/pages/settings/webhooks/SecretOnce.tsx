import { Button, Group, Modal, Stack, TextInput } from '@mantine/core';
import { IconShieldLock } from '@tabler/icons-react';
import { CopyButton } from '@/parts/CopyButton';
import { Notice } from '@/parts/Notice';
import { text } from '@/text/en';

const t = text.webhooks;

/** A signing secret, the one time that it can be seen. */
export function SecretOnce({ secret, onClose }: { secret: string; onClose: () => void }) {
  return (
    <Modal
      opened
      onClose={onClose}
      title={t.secretTitle}
      size="lg"
      closeOnClickOutside={false}
      closeOnEscape={false}
      withCloseButton={false}
    >
      <Stack gap="md">
        <Notice tone="accent" icon={<IconShieldLock size={18} />}>
          {t.secretOnce}
        </Notice>
        <Group gap="xs" wrap="nowrap">
          <TextInput
            aria-label={t.secretTitle}
            value={secret}
            readOnly
            flex={1}
            data-autofocus
            styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
            onFocus={(event) => event.currentTarget.select()}
          />
          <CopyButton value={secret} label={text.common.copy} />
        </Group>
        <Group justify="flex-end">
          <Button onClick={onClose}>{t.done}</Button>
        </Group>
      </Stack>
    </Modal>
  );
}
