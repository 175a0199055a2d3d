import { send } from '@/api/client';
import { viewerZone } from '@/parts/time';

export type Format = 'text' | 'markdown' | 'json';

/** Where the transcript is, with its times in the viewer's zone. */
export const transcriptUrl = (id: string, format: Format): string =>
  `/api/v1/conversations/${id}/transcript?format=${format}&tz=${encodeURIComponent(viewerZone())}`;

const extension: Record<Format, string> = { text: 'txt', markdown: 'md', json: 'json' };

export const transcriptFile = (id: string, format: Format): string =>
  `conversation-${id.slice(0, 13)}.${extension[format]}`;

// Outside a secure context (plain http on another machine) there is no
// clipboard API; the old way still works there.
function copyTheOldWay(value: string) {
  const area = document.createElement('textarea');
  area.value = value;
  area.style.position = 'fixed';
  document.body.append(area);
  area.select();
  const done = document.execCommand('copy');
  area.remove();
  if (!done) throw new Error('copy');
}

export async function copyText(value: string): Promise<void> {
  if (window.isSecureContext) await navigator.clipboard.writeText(value);
  else copyTheOldWay(value);
}

export async function readTranscript(id: string): Promise<string> {
  return (await send('GET', transcriptUrl(id, 'text'))).text();
}
