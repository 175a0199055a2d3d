import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, data } from '@/api/client';
import type { Sender } from '@/api/types';
import { type SenderValues, bodyOf, fieldErrors } from './senderValues';

/** Connects a number or changes it; what the server says of fields goes to onFields. */
export function useSaveSender(options: {
  sender?: Sender;
  onSaved: (sender: Sender) => void;
  onFields: (errors: Record<string, string>) => void;
}) {
  const { sender, onSaved, onFields } = options;
  const client = useQueryClient();
  return useMutation({
    mutationFn: (values: SenderValues) => {
      const body = bodyOf(values, sender);
      return sender
        ? data(api.PUT('/api/v1/whatsapp/senders/{id}', { params: { path: { id: sender.id } }, body }))
        : data(api.POST('/api/v1/whatsapp/senders', { body }));
    },
    onSuccess: (saved) => {
      void client.invalidateQueries({ queryKey: ['senders'] });
      onSaved(saved);
    },
    onError: (error) => onFields(fieldErrors(error)),
  });
}
