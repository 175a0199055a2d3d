import { Button, FileButton, Group, List, Modal, Stack, Text } from '@mantine/core';
import { IconFileImport } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useRef } from 'react';
import { useNavigate } from 'react-router';
import { send } from '@/api/client';
import type { ImportedAssistant } from '@/api/types';
import { Notice } from '@/parts/Notice';
import { text } from '@/text/en';
import { useKeepAssistant } from './queries';

const t = text.workshop.file;

/** What the server takes. */
const largest = 8 * 1024 * 1024;

/** Makes a draft of a file, and shows what could not be taken over. */
export function ImportAssistant() {
  const navigate = useNavigate();
  const keep = useKeepAssistant();
  const reset = useRef<() => void>(null);
  const load = useMutation({
    mutationFn: async (file: File) => {
      if (file.size > largest) throw new Error(t.tooLarge);
      const answer = await send('POST', '/api/v1/assistants/import', { body: file, type: 'application/yaml' });
      return (await answer.json()) as ImportedAssistant;
    },
    onSuccess: ({ assistant, notes }) => {
      keep(assistant);
      if (notes.length === 0) void navigate(`/assistants/${assistant.id}`);
    },
    onSettled: () => reset.current?.(),
    meta: { quiet: true },
  });
  const close = () => load.reset();
  const done = load.data;
  return (
    <>
      <FileButton
        accept=".yaml,.yml,.json"
        resetRef={reset}
        inputProps={{ 'aria-label': t.importLabel }}
        onChange={(file) => file && load.mutate(file)}
      >
        {(props) => (
          <Button variant="default" leftSection={<IconFileImport size={16} />} loading={load.isPending} {...props}>
            {t.import}
          </Button>
        )}
      </FileButton>
      <Modal
        opened={Boolean(load.error) || Boolean(done?.notes.length)}
        onClose={close}
        title={load.error ? t.failed : t.doneTitle(done?.assistant.name ?? '')}
      >
        <Stack gap="md">
          {load.error && <Notice tone="danger">{load.error.message}</Notice>}
          {done && (
            <div>
              <Text size="sm" mb="xs">
                {t.notes}
              </Text>
              <List size="sm" spacing={6}>
                {done.notes.map((note) => (
                  <List.Item key={`${note.path} ${note.message}`}>{note.message}</List.Item>
                ))}
              </List>
            </div>
          )}
          <Group justify="flex-end" gap="xs">
            {done ? (
              <Button onClick={() => void navigate(`/assistants/${done.assistant.id}`)}>{t.open}</Button>
            ) : (
              <Button variant="default" onClick={close}>
                {text.common.close}
              </Button>
            )}
          </Group>
        </Stack>
      </Modal>
    </>
  );
}
