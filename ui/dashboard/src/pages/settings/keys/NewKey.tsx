import { Button, Checkbox, Code, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { IconShieldLock } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, data } from '@/api/client';
import type { APIKey, Permission } from '@/api/types';
import { Notice } from '@/parts/Notice';
import { CopyButton } from '@/parts/CopyButton';
import { text } from '@/text/en';

const t = text.settings.keys;
const scopes = Object.keys(t.scopeHelp) as Permission[];

/** Makes a key, and shows it the one time that it can be seen. */
export function NewKey({ onClose }: { onClose: () => void }) {
  const client = useQueryClient();
  const [name, setName] = useState('');
  const [chosen, setChosen] = useState<Permission[]>(['conversations:read', 'conversations:write']);
  const [asked, setAsked] = useState(false);
  const noName = !name.trim();
  const make = useMutation({
    mutationFn: () => data(api.POST('/api/v1/api-keys', { body: { name: name.trim(), scopes: chosen } })),
    onSuccess: () => void client.invalidateQueries({ queryKey: ['api-keys'] }),
    meta: { quiet: true },
  });
  if (make.data) {
    return (
      <Modal
        opened
        onClose={onClose}
        title={t.readyTitle}
        size="lg"
        closeOnClickOutside={false}
        closeOnEscape={false}
        withCloseButton={false}
      >
        <Ready made={make.data} onClose={onClose} />
      </Modal>
    );
  }
  return (
    <Modal opened onClose={onClose} title={t.createTitle} size="lg">
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          setAsked(true);
          if (!noName && chosen.length > 0) make.mutate();
        }}
      >
        <Stack gap="md">
          {make.error && <Notice tone="danger">{make.error.message}</Notice>}
          <TextInput
            label={t.name}
            description={t.nameHelp}
            value={name}
            maxLength={100}
            data-autofocus
            onChange={(event) => setName(event.currentTarget.value)}
            error={asked && noName ? t.problems.name : undefined}
          />
          <Checkbox.Group
            label={t.scopes}
            value={chosen}
            onChange={(value) => setChosen(value as Permission[])}
            error={asked && chosen.length === 0 ? t.problems.scopes : undefined}
          >
            <Stack gap="xs" mt={6}>
              {scopes.map((scope) => (
                <Checkbox key={scope} value={scope} label={t.scopeHelp[scope]} description={scope} />
              ))}
            </Stack>
          </Checkbox.Group>
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {text.common.cancel}
            </Button>
            <Button type="submit" loading={make.isPending}>
              {t.make}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

function Ready({ made, onClose }: { made: APIKey; onClose: () => void }) {
  const key = made.key ?? '';
  const example = t.curl(window.location.origin, key);
  return (
    <Stack gap="md">
      <Notice tone="accent" icon={<IconShieldLock size={18} />}>
        {t.readyBody}
      </Notice>
      <Group gap="xs" wrap="nowrap">
        <TextInput
          aria-label={made.name}
          value={key}
          readOnly
          flex={1}
          data-autofocus
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
          onFocus={(event) => event.currentTarget.select()}
        />
        <CopyButton value={key} label={text.common.copy} />
      </Group>
      <div>
        <Group justify="space-between" mb={6}>
          <Text size="sm" fw={580}>
            {t.example}
          </Text>
          <CopyButton value={example} />
        </Group>
        <Code block tabIndex={0}>
          {example}
        </Code>
      </div>
      <Group justify="flex-end">
        <Button onClick={onClose}>{t.done}</Button>
      </Group>
    </Stack>
  );
}
