import { ApiError } from '@/api/error';
import { send } from '@/api/client';
import { useConfirm } from '@/parts/Confirm';
import { notifyError } from '@/parts/notify';
import { text } from '@/text/en';

const t = text.workshop.file;

/** Saves an assistant to a file; without its knowledge, if that is too much for one. */
export function useExport(id: string) {
  const confirm = useConfirm();
  return async () => {
    try {
      await download(`/api/v1/assistants/${id}/export`);
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== 'too_large') {
        notifyError(error);
      } else if (await confirm({ title: t.tooMuchTitle, body: error.message, action: t.without })) {
        await download(`/api/v1/assistants/${id}/export?knowledge=false`).catch(notifyError);
      }
    }
  };
}

async function download(path: string) {
  const answer = await send('GET', path);
  const name = /filename="?([^";]+)/.exec(answer.headers.get('Content-Disposition') ?? '')?.[1] ?? 'assistant.yaml';
  const link = document.createElement('a');
  link.href = URL.createObjectURL(await answer.blob());
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
