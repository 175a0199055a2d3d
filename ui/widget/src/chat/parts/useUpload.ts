import type { Attachment } from '../../protocol';
import type { Problem } from '../core/api';
import type { Upload } from '../core/state';
import { uuid } from '../core/uuid';
import type { Props } from './props';

const running = new Map<string, AbortController>();

/** Ends the sending of a file. */
export function stop(key: string): void {
  running.get(key)?.abort();
}

/** Sends files for the next message, one by one, and tells how far they are. */
export function useUpload({ visit, config }: Props): (files: File[]) => void {
  const { max_bytes, max_per_message } = config.attachments;
  const change = (key: string, to: Partial<Upload>) =>
    visit.set({ uploads: visit.state.uploads.map((u) => (u.key === key ? { ...u, ...to } : u)) });

  const one = async (u: Upload) => {
    const abort = running.get(u.key)!;
    try {
      const { id } = visit.state.conversation ?? (await visit.start());
      if (abort.signal.aborted) return;
      const percent = (n: number) => change(u.key, { percent: n });
      const a = await visit.api.upload<Attachment>(`/conversations/${id}/attachments`, u.file, percent, abort.signal);
      change(u.key, { id: a.id, name: a.name, image: a.image, percent: 100 });
    } catch (error) {
      const p = error as Problem;
      const codes: Record<string, string> = {
        too_large: 'error_file_size',
        conflict: 'error_files',
        forbidden: 'error_file_type',
      };
      change(u.key, { error: codes[p.code] ?? 'error_send' });
    }
    running.delete(u.key);
  };

  return (files) => {
    const room = max_per_message - visit.state.uploads.length;
    const added = files.slice(0, Math.max(0, room)).map((file) => ({
      key: uuid(),
      name: file.name,
      percent: 0,
      id: '',
      image: file.type.startsWith('image/'),
      error: file.size > max_bytes ? 'error_file_size' : '',
      file,
    }));
    visit.set({ uploads: [...visit.state.uploads, ...added] });
    void (async () => {
      for (const u of added) running.set(u.key, new AbortController());
      for (const u of added) if (!u.error) await one(u);
    })();
  };
}
