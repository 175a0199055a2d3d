import { Button, Group, Modal, Radio, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { api, data } from '@/api/client';
import { Notice } from '@/parts/Notice';
import { text } from '@/text/en';
import classes from './NewAssistant.module.css';
import { useKeepAssistant } from './queries';
import { type TemplateID, fromTemplate, templateIDs } from './templates';

const t = text.assistants;

interface Props {
  opened: boolean;
  onClose: () => void;
}

/** Makes an assistant from a template and opens it. */
export function NewAssistant({ opened, onClose }: Props) {
  return (
    <Modal opened={opened} onClose={onClose} title={t.newTitle} size="lg">
      {opened && <Form onClose={onClose} />}
    </Modal>
  );
}

function Form({ onClose }: { onClose: () => void }) {
  const [template, setTemplate] = useState<TemplateID>('support');
  const [typed, setTyped] = useState<string | null>(null);
  const name = typed ?? t.templates[template].name;
  const navigate = useNavigate();
  const keep = useKeepAssistant();
  const create = useMutation({
    mutationFn: () => data(api.POST('/api/v1/assistants', { body: fromTemplate(template, name.trim()) })),
    onSuccess: (assistant) => {
      keep(assistant);
      onClose();
      void navigate(`/assistants/${assistant.id}`);
    },
    meta: { quiet: true },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim()) create.mutate();
      }}
    >
      <Stack gap="lg">
        {create.error && <Notice tone="danger">{create.error.message}</Notice>}
        <Radio.Group
          label={t.templatesLabel}
          description={t.newHelp}
          value={template}
          onChange={(value) => setTemplate(value as TemplateID)}
        >
          <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm" mt="sm">
            {templateIDs.map((id) => (
              <Radio.Card key={id} value={id} className={classes.card}>
                <Group wrap="nowrap" align="flex-start" gap="sm">
                  <Radio.Indicator />
                  <div>
                    <Text size="sm" fw={580}>
                      {t.templates[id].label}
                    </Text>
                    <Text size="xs" c="dimmed" mt={2}>
                      {t.templates[id].help}
                    </Text>
                  </div>
                </Group>
              </Radio.Card>
            ))}
          </SimpleGrid>
        </Radio.Group>
        <TextInput
          label={t.newName}
          value={name}
          maxLength={120}
          onChange={(event) => setTyped(event.currentTarget.value)}
          error={name.trim() ? undefined : t.problems.name}
          data-autofocus
        />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {text.common.cancel}
          </Button>
          <Button type="submit" loading={create.isPending} disabled={!name.trim()}>
            {t.newCreate}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
