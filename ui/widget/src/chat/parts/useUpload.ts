import type { Attachment } from '../../protocol';
import type { Problem } from '../core/api';
import { rest } from '../core/stream';
import type { Upload } from '../core/state';
import { uuid } from '../core/uuid';
import type { Props } from './props';

/** Sends files for the next message, one by one, and tells how far they are. */
export function useUpload({ visit, config }: Props): (files: File[]) => void {
  const { max_bytes, max_per_message } = config.attachments;

  const one = async ({ key, file, abort: { signal } }: Upload) => {
    const change = (to: Partial<Upload>) =>
      visit.set({ uploads: visit.state.uploads.map((u) => (u.key === key ? { ...u, ...to } : u)) });
    for (let n = 0; !signal.aborted; n++) {
      try {
        const { id } = visit.state.conversation ?? (await visit.start());
        if (signal.aborted) return;
        const told = (percent: number) => change({ percent });
        const a = await visit.api.upload<Attachment>(`/conversations/${id}/attachments`, file, told, signal);
        return change({ id: a.id, name: a.name, image: a.image });
      } catch (error) {
        const p = error as Problem;
        const codes: Record<string, string> = {
          too_large: 'error_file_size',
          conflict: 'error_files',
          forbidden: 'error_file_type',
        };
        if (!p.passing) return change({ error: codes[p.code] ?? 'error_send' });
        await rest(p, n);
      }
    }
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
      abort: new AbortController(),
    }));
    visit.set({ uploads: [...visit.state.uploads, ...added] });
    if (files.length > room) visit.set({ notice: { key: 'error_file_count', fill: { count: max_per_message } } });
    void (async () => {
      for (const u of added) if (!u.error) await one(u);
    })();
  };
}
