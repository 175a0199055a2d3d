import { useState } from 'react';
import { newKey, send } from '@/api/client';
import type { Attachment } from '@/api/types';
import { text } from '@/text/en';

const t = text.testchat;
const largest = 10 * 1024 * 1024;

/** A file that is attached, on its way, or failed. */
export interface Upload {
  key: string;
  name: string;
  attachment?: Attachment;
  error?: string;
}

/** The files of a message that is being written. */
export function useUploads() {
  const [uploads, setUploads] = useState<Upload[]>([]);
  const settle = (key: string, result: Partial<Upload>) =>
    setUploads((old) => old.map((upload) => (upload.key === key ? { ...upload, ...result } : upload)));

  const add = async (file: File) => {
    const key = newKey();
    setUploads((old) => [...old, { key, name: file.name }]);
    if (file.size > largest) {
      settle(key, { error: t.tooBig(file.name) });
      return;
    }
    try {
      const form = new FormData();
      form.append('file', file);
      const response = await send('POST', '/api/v1/attachments', { body: form });
      settle(key, { attachment: (await response.json()) as Attachment });
    } catch (error) {
      settle(key, { error: error instanceof Error ? error.message : t.uploadFailed(file.name) });
    }
  };
  return {
    uploads,
    busy: uploads.some((upload) => !upload.attachment && !upload.error),
    ids: uploads.flatMap((upload) => upload.attachment?.id ?? []),
    add: (files: readonly File[]) => files.forEach((file) => void add(file)),
    remove: (key: string) => setUploads((old) => old.filter((upload) => upload.key !== key)),
    clear: () => setUploads([]),
  };
}
