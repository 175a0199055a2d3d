import { Button, Group, List, Modal, Stack, Text } from '@mantine/core';
import type { AssistantConfig } from '@/api/types';
import { RelativeTime } from '@/parts/RelativeTime';
import { text } from '@/text/en';
import { changedFields } from './draft';
import type { Draft } from './useDraft';
import type { useSave } from './useSave';

const t = text.assistants.conflict;

interface Props {
  draft: Draft;
  saving: ReturnType<typeof useSave>;
}

/** What to do when somebody else saved the assistant in the meantime. */
export function ConflictDialog({ draft, saving }: Props) {
  const { theirs } = saving;
  return (
    <Modal opened={theirs !== null} onClose={saving.keepEditing} title={t.title} size="lg">
      {theirs && (
        <Stack gap="md">
          <Text size="sm">
            {t.body(theirs.version)} (<RelativeTime at={theirs.updated_at} />)
          </Text>
          <Group align="flex-start" grow>
            <Fields title={t.theirs} from={draft.base.config} to={theirs.config} />
            <Fields title={t.mine} from={draft.base.config} to={draft.config} />
          </Group>
          <Group justify="flex-end" gap="xs">
            <Button variant="subtle" onClick={saving.keepEditing}>
              {t.cancel}
            </Button>
            <Button variant="default" onClick={saving.takeTheirs}>
              {t.reload}
            </Button>
            <Button onClick={saving.overwrite} loading={saving.saving}>
              {t.overwrite}
            </Button>
          </Group>
        </Stack>
      )}
    </Modal>
  );
}

function Fields({ title, from, to }: { title: string; from: AssistantConfig; to: AssistantConfig }) {
  const fields = changedFields(from, to);
  return (
    <div>
      <Text size="sm" fw={580} mb={4}>
        {title}
      </Text>
      {fields.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t.nothing}
        </Text>
      ) : (
        <List size="sm">
          {fields.map((field) => (
            <List.Item key={field}>{text.assistants.configFields[field]}</List.Item>
          ))}
        </List>
      )}
    </div>
  );
}
