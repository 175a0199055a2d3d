import { Button, Group, Modal, Select, Stack, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { api, data } from '@/api/client';
import { useAssistantNames } from '@/pages/conversations/filter/useAssistantNames';
import { Notice } from '@/parts/Notice';
import { text } from '@/text/en';
import { useKeepWidget } from './queries';

const t = text.widgets;

interface Props {
  opened: boolean;
  onClose: () => void;
}

/** Makes a widget with the settings that Parley is delivered with, and opens it. */
export function NewWidget({ opened, onClose }: Props) {
  return (
    <Modal opened={opened} onClose={onClose} title={t.newTitle}>
      {opened && <Form onClose={onClose} />}
    </Modal>
  );
}

function Form({ onClose }: { onClose: () => void }) {
  const assistants = useAssistantNames();
  const [name, setName] = useState('');
  const [chosen, setChosen] = useState<string | null>(null);
  const assistant = chosen ?? assistants.list[0]?.id ?? null;
  const navigate = useNavigate();
  const keep = useKeepWidget();
  const make = useMutation({
    mutationFn: () => data(api.POST('/api/v1/widgets', { body: { name: name.trim(), assistant_id: assistant ?? '' } })),
    onSuccess: (widget) => {
      keep(widget);
      onClose();
      void navigate(`/widgets/${widget.id}`);
    },
    meta: { quiet: true },
  });
  const ready = name.trim() !== '' && assistant !== null;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) make.mutate();
      }}
    >
      <Stack gap="md">
        {make.error && <Notice tone="danger">{make.error.message}</Notice>}
        {assistants.loaded && assistants.list.length === 0 && <Notice tone="warn">{t.noAssistants}</Notice>}
        <TextInput
          label={t.name}
          description={t.nameHelp}
          value={name}
          maxLength={120}
          onChange={(event) => setName(event.currentTarget.value)}
          data-autofocus
        />
        <Select
          label={t.assistant}
          description={t.assistantHelp}
          data={assistants.choices}
          value={assistant}
          onChange={setChosen}
          allowDeselect={false}
          searchable
        />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {text.common.cancel}
          </Button>
          <Button type="submit" loading={make.isPending} disabled={!ready}>
            {t.make}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
