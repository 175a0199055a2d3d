import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { api, data } from '@/api/client';
import { ApiError } from '@/api/error';
import type { Assistant } from '@/api/types';
import { notifyDone, notifyError } from '@/parts/notify';
import { text } from '@/text/en';
import { normalize } from './draft';
import { useKeepAssistant } from './queries';
import type { Draft } from './useDraft';

const read = (id: string) => data(api.GET('/api/v1/assistants/{id}', { params: { path: { id } } }));

/** Saves a draft as a new version, and finds out when somebody else was faster. */
export function useSave(draft: Draft) {
  const keep = useKeepAssistant();
  const [theirs, setTheirs] = useState<Assistant | null>(null);
  const { id } = draft.base;
  const taken = (assistant: Assistant) => {
    keep(assistant);
    draft.adopt(assistant);
    setTheirs(null);
  };

  const mutation = useMutation({
    mutationFn: (over: Assistant) =>
      data(
        api.PUT('/api/v1/assistants/{id}', {
          params: { path: { id } },
          body: {
            ...normalize({ ...draft.config, knowledge: over.config.knowledge }),
            expected_version: over.version,
          },
        }),
      ),
    onSuccess: (assistant) => {
      taken(assistant);
      notifyDone(text.assistants.saved(assistant.version));
    },
    onError: async (error) => {
      if (error instanceof ApiError && error.code === 'conflict') {
        const newest = await read(id).catch(() => null);
        if (newest && newest.version !== draft.base.version) {
          setTheirs(newest);
          return;
        }
      }
      if (error instanceof ApiError) draft.refuse(error.fieldMap());
      notifyError(error);
    },
  });

  return {
    saving: mutation.isPending,
    /** Resolves to whether it was saved. */
    save: () =>
      mutation.mutateAsync(draft.base).then(
        () => true,
        () => false,
      ),
    /** The version of somebody else that stands in the way, if any. */
    theirs,
    overwrite: () => theirs && mutation.mutate(theirs),
    takeTheirs: () => theirs && taken(theirs),
    keepEditing: () => setTheirs(null),
  };
}
