import { Button, Checkbox, Group, Modal, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { SavedView } from '@/api/types';
import { useCan } from '@/auth/useMe';
import { useSaveView } from '@/desk/queries';
import { Notice } from '@/parts/Notice';
import { notifyDone } from '@/parts/notify';
import { text } from '@/text/en';

const t = text.desk.views;

interface Props {
  /** Left out: a new one. */
  view?: SavedView;
  /** What a new one shows. */
  filter: string;
  onClose: () => void;
}

/** Names a view and says who sees it. */
export function ViewForm({ view, filter, onClose }: Props) {
  const shares = useCan('assistants:write');
  const [name, setName] = useState(view?.name ?? '');
  const [shared, setShared] = useState(view?.shared ?? false);
  const [asked, setAsked] = useState(false);
  const save = useSaveView();
  const bad = name.trim() === '';
  return (
    <Modal opened onClose={onClose} title={view ? t.editTitle : t.saveTitle}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          setAsked(true);
          if (bad) return;
          save.mutate(
            { id: view?.id, name: name.trim(), filter: view?.filter ?? filter, shared },
            {
              onSuccess: () => {
                notifyDone(t.saved);
                onClose();
              },
            },
          );
        }}
      >
        <Stack gap="md">
          {save.error && <Notice tone="danger">{save.error.message}</Notice>}
          <TextInput
            label={t.name}
            placeholder={t.namePlaceholder}
            value={name}
            maxLength={60}
            data-autofocus
            onChange={(event) => setName(event.currentTarget.value)}
            error={asked && bad ? t.problem : undefined}
          />
          {shares && (
            <Checkbox
              label={t.shared}
              description={t.sharedHelp}
              checked={shared}
              onChange={(event) => setShared(event.currentTarget.checked)}
            />
          )}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {text.common.cancel}
            </Button>
            <Button type="submit" loading={save.isPending}>
              {text.common.save}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
