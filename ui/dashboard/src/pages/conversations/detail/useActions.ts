import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, data } from '@/api/client';
import type { Conversation } from '@/api/types';
import { useConfirm } from '@/parts/Confirm';
import { notifyDone } from '@/parts/notify';
import { text } from '@/text/en';
import { applyDetail, applyRow, forget } from './useConversation';

const t = text.conversations.actions;

/** What can be done with a conversation as a whole. Failures are told by themselves. */
export function useActions(conversation: Conversation, onDeleted: () => void) {
  const client = useQueryClient();
  const confirm = useConfirm();
  const params = { path: { id: conversation.id } };
  const readAgain = () => client.invalidateQueries({ queryKey: ['conversations', conversation.id] });

  const takeover = useMutation({
    mutationFn: () => data(api.POST('/api/v1/conversations/{id}/takeover', { params })),
    onSuccess: (result) => {
      applyRow(client, result.conversation);
      const late = result.sending.length;
      notifyDone(late > 0 ? `${t.tookOver} ${t.stillSending(late)}` : t.tookOver);
    },
    onSettled: readAgain,
  });
  const release = useMutation({
    mutationFn: () => data(api.POST('/api/v1/conversations/{id}/release', { params })),
    onSuccess: (row) => {
      applyRow(client, row);
      notifyDone(t.released);
    },
    onSettled: readAgain,
  });
  const end = useMutation({
    mutationFn: () => data(api.POST('/api/v1/conversations/{id}/end', { params })),
    onSuccess: (row) => {
      applyRow(client, row);
      notifyDone(t.endedNow);
    },
    onSettled: readAgain,
  });
  const evaluate = useMutation({
    mutationFn: () => data(api.POST('/api/v1/conversations/{id}/evaluate', { params })),
    onSuccess: (detail) => {
      applyDetail(client, detail);
      notifyDone(text.conversations.evaluation.done);
    },
  });
  const erase = useMutation({
    mutationFn: () => data(api.DELETE('/api/v1/conversations/{id}', { params })),
    onSuccess: () => {
      onDeleted();
      forget(client, conversation.id);
      notifyDone(t.deleted);
    },
  });

  return {
    takeover,
    release,
    end,
    evaluate,
    erase,
    confirmEnd: async () => {
      if (await confirm({ title: t.endTitle, body: t.endBody, action: t.endAction })) end.mutate();
    },
    confirmErase: async () => {
      if (await confirm({ title: t.deleteTitle, body: t.deleteBody, action: t.delete, danger: true })) erase.mutate();
    },
  };
}

export type Actions = ReturnType<typeof useActions>;
