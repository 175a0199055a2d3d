import { Button, Group, Modal, Radio, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, data } from '@/api/client';
import type { Invite, Role } from '@/api/types';
import { useMe } from '@/auth/useMe';
import { Notice } from '@/parts/Notice';
import { CopyButton } from '@/parts/CopyButton';
import { fullTime } from '@/parts/time';
import { text } from '@/text/en';
import { givableRoles } from './roles';

const t = text.settings.members;

/** Makes a link by which somebody joins. */
export function InviteDialog({ onClose }: { onClose: () => void }) {
  const client = useQueryClient();
  const mine = useMe().data?.member?.role;
  const [email, setEmail] = useState('');
  const [role, setRole] = useState<Role>('operator');
  const wrong = email.trim() !== '' && !/.+@.+/.test(email.trim());
  const make = useMutation({
    mutationFn: () => data(api.POST('/api/v1/invites', { body: { email: email.trim() || undefined, role } })),
    onSuccess: () => void client.invalidateQueries({ queryKey: ['invites'] }),
    meta: { quiet: true },
  });
  if (make.data) {
    const again = () => {
      make.reset();
      setEmail('');
    };
    return (
      <Modal opened onClose={onClose} title={t.inviteReady} size="lg">
        <Ready invite={make.data} onAnother={again} onClose={onClose} />
      </Modal>
    );
  }
  return (
    <Modal opened onClose={onClose} title={t.inviteTitle} size="lg">
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (!wrong) make.mutate();
        }}
      >
        <Stack gap="md">
          {make.error && <Notice tone="danger">{make.error.message}</Notice>}
          <TextInput
            label={t.inviteEmail}
            description={t.inviteEmailHelp}
            type="email"
            value={email}
            data-autofocus
            onChange={(event) => setEmail(event.currentTarget.value)}
            error={wrong ? t.badEmail : undefined}
          />
          <Radio.Group label={t.role} value={role} onChange={(value) => setRole(value as Role)}>
            <Stack gap="xs" mt={6}>
              {givableRoles(mine).map((value) => (
                <Radio key={value} value={value} label={t.roles[value].label} description={t.roles[value].help} />
              ))}
            </Stack>
          </Radio.Group>
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {text.common.cancel}
            </Button>
            <Button type="submit" loading={make.isPending} disabled={wrong}>
              {t.inviteMake}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

function Ready({ invite, onAnother, onClose }: { invite: Invite; onAnother: () => void; onClose: () => void }) {
  const url = invite.url ?? '';
  return (
    <Stack gap="md">
      <Text size="sm">
        {t.inviteReadyBody} {t.inviteValid(fullTime(invite.expires_at))}
      </Text>
      <Group gap="xs" wrap="nowrap">
        <TextInput
          aria-label={t.inviteReady}
          value={url}
          readOnly
          flex={1}
          data-autofocus
          onFocus={(event) => event.currentTarget.select()}
        />
        <CopyButton value={url} label={text.common.copy} />
      </Group>
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onAnother}>
          {t.another}
        </Button>
        <Button onClick={onClose}>{text.common.close}</Button>
      </Group>
    </Stack>
  );
}
