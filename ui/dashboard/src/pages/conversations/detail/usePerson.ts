import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from 'react-router';
import { api, data } from '@/api/client';
import type { Conversation } from '@/api/types';
import { useMakeExport } from '@/pages/exports/queries';
import { goneText } from '@/pages/settings/privacy/goneText';
import { useConfirm } from '@/parts/Confirm';
import { notifyDone } from '@/parts/notify';
import { viewerZone } from '@/parts/time';
import { text } from '@/text/en';
import { contactName } from '../names';

const t = text.privacy.person;

/** What can be done with all that there is of a conversation's contact. */
export function usePerson(conversation: Conversation) {
  const { id } = conversation.contact;
  const client = useQueryClient();
  const confirm = useConfirm();
  const navigate = useNavigate();
  const take = useMakeExport(() => {
    notifyDone(t.exported);
    void navigate('/exports');
  });
  const erase = useMutation({
    mutationFn: async () => {
      const params = { path: { id } };
      const contact = await data(api.GET('/api/v1/contacts/{id}', { params }));
      const { conversations, messages, files, identities } = contact;
      const body = t.eraseBody(goneText({ conversations, messages, files, identities: identities.length }));
      const title = t.eraseTitle(contactName(conversation));
      if (!(await confirm({ title, body, action: t.eraseAction, danger: true }))) return;
      await data(api.POST('/api/v1/contacts/{id}/erase', { params }));
      notifyDone(t.started);
      void client.invalidateQueries({ queryKey: ['erasures'] });
      void navigate('/settings/privacy');
    },
  });
  return {
    take: () => take.mutate({ format: 'zip', filter: { contact: id }, time_zone: viewerZone() }),
    erase: () => erase.mutate(),
  };
}
