import type { Visit } from '../core/visit';

/** Fetches with the visitor's token and hands the bytes to the browser as a download. */
export async function save(visit: Visit, path: string, name: string): Promise<void> {
  try {
    const response = await visit.api.fetch('GET', path);
    const named = /filename="([^"]+)"/.exec(response.headers.get('Content-Disposition') ?? '')?.[1];
    const link = document.createElement('a');
    link.href = URL.createObjectURL(await response.blob());
    link.download = named ?? name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  } catch {
    visit.set({ notice: { key: 'error_unavailable' } });
  }
}

/** A size as people say it. */
export function size(bytes: number, language: string): string {
  const [n, unit] = bytes < 1e6 ? [Math.ceil(bytes / 1024), 'kilobyte'] : [bytes / (1 << 20), 'megabyte'];
  return new Intl.NumberFormat(language, { style: 'unit', unit, maximumFractionDigits: n < 10 ? 1 : 0 }).format(n);
}
