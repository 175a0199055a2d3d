import { newKey } from '@/api/client';
import { ApiError, errorOf } from '@/api/error';
import { text } from '@/text/en';

/** The largest file that the server takes, in bytes. */
export const largest = 2 ** 30;

/** Sends a file in a form and tells how much of it is sent, which fetch cannot. */
export function uploadFile(
  path: string,
  file: File,
  onSent: (share: number) => void,
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', path);
    request.setRequestHeader('Idempotency-Key', newKey());
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) onSent(event.loaded / event.total);
    };
    const offline = () => reject(new ApiError({ code: 'offline', message: text.errors.offline, status: 0 }));
    request.onerror = offline;
    request.onabort = offline;
    request.onload = () => {
      if (request.status < 300) resolve();
      else {
        const headers = { 'Content-Type': request.getResponseHeader('Content-Type') ?? '' };
        errorOf(new Response(request.responseText, { status: request.status, headers })).then(reject, reject);
      }
    };
    signal.addEventListener('abort', () => request.abort());
    const form = new FormData();
    form.append('file', file);
    request.send(form);
  });
}
