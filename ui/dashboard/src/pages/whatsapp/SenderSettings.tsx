import { Button, Group, Stack } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from 'react-router';
import { api, data } from '@/api/client';
import type { Sender } from '@/api/types';
import { useConfirm } from '@/parts/Confirm';
import { notifyDone } from '@/parts/notify';
import { text } from '@/text/en';
import panel from '../settings/Panel.module.css';
import { Hook } from './Hook';
import { SenderForm } from './SenderForm';

const t = text.whatsapp.form;

/** Changes or disconnects a number. */
export default function SenderSettings({ sender: s }: { sender: Sender }) {
  const client = useQueryClient();
  const confirm = useConfirm();
  const navigate = useNavigate();
  const remove = useMutation({
    mutationFn: () => data(api.DELETE('/api/v1/whatsapp/senders/{id}', { params: { path: { id: s.id } } })),
    onSuccess: () => {
      void navigate('/whatsapp');
      void client.invalidateQueries({ queryKey: ['senders'], exact: true });
      notifyDone(t.removed);
    },
  });
  const ask = async () => {
    if (await confirm({ title: t.removeTitle(s.name), body: t.removeBody, action: t.remove, danger: true })) {
      remove.mutate();
    }
  };
  return (
    <Stack gap="md">
      <section className={`${panel.panel} ${panel.padded}`}>
        <Hook sender={s} />
      </section>
      <section className={`${panel.panel} ${panel.padded}`}>
        <SenderForm sender={s} onSaved={(saved) => notifyDone(t.changed(saved.name))} />
      </section>
      <Group>
        <Button
          variant="default"
          color="red"
          leftSection={<IconTrash size={16} />}
          loading={remove.isPending}
          onClick={() => void ask()}
        >
          {t.remove}
        </Button>
      </Group>
    </Stack>
  );
}
