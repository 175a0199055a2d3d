import { Button, Group, List, Modal, Stack } from '@mantine/core';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import type { Sender } from '@/api/types';
import { Notice } from '@/parts/Notice';
import { notifyDone } from '@/parts/notify';
import { text } from '@/text/en';
import { Hook } from './Hook';
import { SenderForm } from './SenderForm';

const t = text.whatsapp.form;

/** Connects a number: what is needed, the settings with their test, then what to tell Meta. */
export function Connect({ onClose }: { onClose: () => void }) {
  const [saved, setSaved] = useState<Sender | null>(null);
  const navigate = useNavigate();
  return (
    <Modal opened onClose={onClose} title={t.connectTitle} size="lg">
      {saved ? (
        <Stack gap="md">
          <Hook sender={saved} />
          <Group justify="flex-end">
            <Button onClick={() => void navigate(`/whatsapp/${saved.id}`)} data-autofocus>
              {t.done}
            </Button>
          </Group>
        </Stack>
      ) : (
        <Stack gap="md">
          <Notice title={t.needTitle}>
            <List size="sm" spacing={4}>
              {t.need.map((line) => (
                <List.Item key={line}>{line}</List.Item>
              ))}
            </List>
          </Notice>
          <SenderForm
            onSaved={(s) => {
              notifyDone(t.connected(s.name));
              setSaved(s);
            }}
            onCancel={onClose}
          />
        </Stack>
      )}
    </Modal>
  );
}
