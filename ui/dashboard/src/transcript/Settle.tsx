import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { api, data } from '@/api/client';
import { useCan } from '@/auth/useMe';
import { notifyDone } from '@/parts/notify';
import { text } from '@/text/en';
import classes from './Payload.module.css';

const t = text.conversations.message.settle;

/** Lets a person say what became of a message that may have been sent. It is never sent again by itself. */
export function Settle({ conversation, message }: { conversation: string; message: string }) {
  const may = useCan('conversations:write');
  const settle = useMutation({
    mutationFn: (delivery: 'sent' | 'failed') =>
      data(
        api.POST('/api/v1/conversations/{id}/messages/{message_id}/settle', {
          params: { path: { id: conversation, message_id: message } },
          body: { delivery },
        }),
      ),
    onSuccess: () => notifyDone(t.done),
  });
  if (!may) return null;
  return (
    <div className={classes.settle}>
      <span>{t.question}</span>
      <Button size="compact-xs" variant="default" loading={settle.isPending} onClick={() => settle.mutate('sent')}>
        {t.sent}
      </Button>
      <Button size="compact-xs" variant="default" loading={settle.isPending} onClick={() => settle.mutate('failed')}>
        {t.failed}
      </Button>
    </div>
  );
}
