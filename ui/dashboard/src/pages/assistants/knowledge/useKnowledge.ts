import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, data } from '@/api/client';
import type { Assistant, Document } from '@/api/types';
import { notifyDone } from '@/parts/notify';
import { notifyUndo } from '@/parts/undo';
import { text } from '@/text/en';
import { documentsKey, useKeepAssistant } from '../queries';
import type { Draft } from '../useDraft';

const t = text.assistants.knowledge;

/** What somebody wrote or uploaded. */
export interface DocumentText {
  title: string;
  format: Document['format'];
  content: string;
}

/** Adds, replaces and removes documents. Each change is saved at once, as a version. */
export function useKnowledge(draft: Draft) {
  const client = useQueryClient();
  const keep = useKeepAssistant();
  const { id } = draft.base;
  const path = { id };

  const take = (assistant: Assistant) => {
    keep(assistant);
    draft.rebase(assistant);
    return client.invalidateQueries({ queryKey: documentsKey(id) });
  };
  const read = () => data(api.GET('/api/v1/assistants/{id}', { params: { path } }));

  const save = useMutation({
    mutationFn: async ({ doc, body }: { doc?: string; body: DocumentText }) => {
      const saved = doc
        ? await data(api.PUT('/api/v1/assistants/{id}/knowledge/{doc}', { params: { path: { id, doc } }, body }))
        : await data(api.POST('/api/v1/assistants/{id}/knowledge', { params: { path }, body }));
      await take(await read());
      return saved;
    },
    onSuccess: (saved, { doc }) => notifyDone(doc ? t.changed(saved.title) : t.added(saved.title)),
    meta: { quiet: true },
  });

  // Documents never change, so a removed one is brought back by naming it again.
  const restore = useMutation({
    mutationFn: async ({ document, at }: { document: Document; at: number }) => {
      const { config, version } = await read();
      const knowledge = [...(config.knowledge ?? [])];
      if (!knowledge.includes(document.id)) knowledge.splice(at, 0, document.id);
      return data(
        api.PUT('/api/v1/assistants/{id}', {
          params: { path },
          body: { ...config, knowledge, expected_version: version },
        }),
      );
    },
    onSuccess: async (assistant, { document }) => {
      await take(assistant);
      notifyDone(t.restored(document.title));
    },
  });

  const remove = useMutation({
    mutationFn: async (document: Document) => {
      const at = Math.max(0, draft.config.knowledge?.indexOf(document.id) ?? 0);
      await api.DELETE('/api/v1/assistants/{id}/knowledge/{doc}', {
        params: { path: { id, doc: document.id } },
      });
      await take(await read());
      return at;
    },
    onSuccess: (at, document) => notifyUndo(t.removed(document.title), t.undo, () => restore.mutate({ document, at })),
  });

  return { save, remove };
}
