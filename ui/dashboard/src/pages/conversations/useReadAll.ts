import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, data } from '@/api/client';
import { notifyDone } from '@/parts/notify';
import { text } from '@/text/en';

/** Marks every conversation as read for the one who is signed in. */
export function useReadAll() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => data(api.POST('/api/v1/conversations/read-all')),
    onSuccess: () => {
      notifyDone(text.desk.read.allRead);
      void client.invalidateQueries({ queryKey: ['conversations', 'list'] });
    },
  });
}
