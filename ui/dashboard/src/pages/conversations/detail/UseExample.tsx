import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { IconShieldLock } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import { api, data } from '@/api/client';
import type { Assistant, Conversation, Message } from '@/api/types';
import { ExampleFields } from '@/pages/assistants/examples/ExampleFields';
import { useKeepAssistant } from '@/pages/assistants/queries';
import { ErrorState } from '@/parts/ErrorState';
import { Notice } from '@/parts/Notice';
import { PageLoading } from '@/parts/PageLoading';
import { notifyDone } from '@/parts/notify';
import { text } from '@/text/en';

const t = text.workshop.use;

interface Props {
  conversation: Conversation;
  message: Message;
  /** Gets the assistant with the example. */
  onKept?: (assistant: Assistant) => void;
  onClose: () => void;
}

/** Makes a good answer an example of the assistant, after a look at what it says. */
export function UseExample({ conversation, message, onKept, onClose }: Props) {
  const client = useQueryClient();
  const keep = useKeepAssistant();
  const params = { path: { id: conversation.id, message_id: message.id } };
  const path = '/api/v1/conversations/{id}/messages/{message_id}/example';
  const key = ['conversations', conversation.id, 'example', message.id];
  const suggested = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => data(api.GET(path, { params, signal })),
    staleTime: 0,
  });
  const [edited, setEdited] = useState<{ question?: string; answer?: string }>({});
  const [asked, setAsked] = useState(false);
  const save = useMutation({
    mutationFn: (body: { question: string; answer: string }) => data(api.POST(path, { params, body })),
    onSuccess: (assistant) => {
      keep(assistant);
      onKept?.(assistant);
      client.removeQueries({ queryKey: key });
      notifyDone(t.saved(assistant.name, assistant.version));
      onClose();
    },
    meta: { quiet: true },
  });
  const offer = suggested.data;
  const value = { question: edited.question ?? offer?.question ?? '', answer: edited.answer ?? offer?.answer ?? '' };
  return (
    <Modal opened onClose={onClose} title={t.title} size="lg">
      {suggested.error ? (
        <ErrorState error={suggested.error} title={t.failed} />
      ) : !offer ? (
        <PageLoading />
      ) : (
        <form
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            setAsked(true);
            if (value.question.trim() && value.answer.trim()) save.mutate(value);
          }}
        >
          <Stack gap="md">
            <Text size="sm" c="dimmed">
              {t.help(offer.assistant.name)}
            </Text>
            {save.error && <Notice tone="danger">{save.error.message}</Notice>}
            {offer.kept && <Notice tone="accent">{t.kept}</Notice>}
            <ExampleFields
              value={value}
              onChange={(changes) => setEdited((old) => ({ ...old, ...changes }))}
              asked={asked}
            />
            <Notice icon={<IconShieldLock size={18} />}>{t.personal}</Notice>
            <Group justify="space-between" gap="xs">
              <Button
                component={Link}
                to={`/assistants/${offer.assistant.id}/examples`}
                variant="subtle"
                onClick={onClose}
              >
                {t.open}
              </Button>
              <Group gap="xs">
                <Button variant="default" onClick={onClose}>
                  {text.common.cancel}
                </Button>
                <Button type="submit" loading={save.isPending}>
                  {offer.kept ? t.replace : t.save}
                </Button>
              </Group>
            </Group>
          </Stack>
        </form>
      )}
    </Modal>
  );
}
