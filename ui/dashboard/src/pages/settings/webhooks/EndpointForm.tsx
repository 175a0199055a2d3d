import { Button, Checkbox, Group, Modal, Stack, Switch, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { WebhookEndpoint, WebhookEvent } from '@/api/types';
import { Notice } from '@/parts/Notice';
import { notifyDone } from '@/parts/notify';
import { text } from '@/text/en';
import { useEndpoints, useSaveEndpoint } from './queries';

const t = text.webhooks;

interface Props {
  /** null: a new one. */
  endpoint: WebhookEndpoint | null;
  /** Gets the secret of a new one. */
  onSaved: (secret: string | undefined) => void;
  onClose: () => void;
}

/** Adds a webhook, or changes one. */
export function EndpointForm({ endpoint, onSaved, onClose }: Props) {
  const events = useEndpoints().data?.events ?? [];
  const [url, setURL] = useState(endpoint?.url ?? '');
  const [description, setDescription] = useState(endpoint?.description ?? '');
  const [chosen, setChosen] = useState<WebhookEvent[]>(endpoint?.events ?? events);
  const [enabled, setEnabled] = useState(endpoint?.enabled ?? true);
  const [asked, setAsked] = useState(false);
  const badURL = !/^https?:\/\/\S+$/.test(url.trim());
  const save = useSaveEndpoint(endpoint, (secret) => {
    if (endpoint) notifyDone(t.saved);
    onSaved(secret);
  });
  return (
    <Modal opened onClose={onClose} title={endpoint ? t.editTitle : t.createTitle} size="lg">
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          setAsked(true);
          if (badURL || chosen.length === 0) return;
          save.mutate({ url: url.trim(), description: description.trim(), events: chosen, enabled });
        }}
      >
        <Stack gap="md">
          {save.error && <Notice tone="danger">{save.error.message}</Notice>}
          <TextInput
            label={t.url}
            description={t.urlHelp}
            type="url"
            value={url}
            maxLength={2000}
            data-autofocus
            onChange={(event) => setURL(event.currentTarget.value)}
            error={asked && badURL ? t.problems.url : undefined}
          />
          <TextInput
            label={t.description}
            description={t.descriptionHelp}
            value={description}
            maxLength={200}
            onChange={(event) => setDescription(event.currentTarget.value)}
          />
          <Checkbox.Group
            label={t.events}
            value={chosen}
            onChange={(value) => setChosen(value as WebhookEvent[])}
            error={asked && chosen.length === 0 ? t.problems.events : undefined}
          >
            <Stack gap="xs" mt={6}>
              {events.map((event) => (
                <Checkbox key={event} value={event} label={t.eventHelp[event]} description={event} />
              ))}
            </Stack>
          </Checkbox.Group>
          <Switch
            label={t.enabled}
            description={t.enabledHelp}
            checked={enabled}
            onChange={(event) => setEnabled(event.currentTarget.checked)}
          />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {text.common.cancel}
            </Button>
            <Button type="submit" loading={save.isPending}>
              {endpoint ? t.save : t.create}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
