type Told = { code?: string; detail?: string; errors?: { path: string; message: string }[] };

/** An answer that is none; code 'network': nothing came. */
export class Problem extends Error {
  constructor(
    readonly code: string,
    readonly errors: { path: string; message: string }[] = [],
    readonly after = 0, // seconds until it may be tried again
    detail = '',
  ) {
    super(detail || code);
  }

  get what(): string {
    return this.errors[0]?.path ?? '';
  }

  /** Whether the same request may succeed later. */
  get passing(): boolean {
    return ['network', 'unavailable', 'internal', 'rate_limited'].includes(this.code);
  }
}

export function problem(status: number, text: string, after: string | null): Problem {
  let told: Told = {};
  try {
    told = JSON.parse(text) as Told;
  } catch {
    // a proxy's page
  }
  return new Problem(
    told.code ?? (status >= 500 ? 'unavailable' : 'invalid'),
    told.errors,
    Number(after) || 0,
    told.detail,
  );
}

/** Speaks the visitors' protocol. */
export class API {
  token = '';

  constructor(readonly base: string) {}

  headers(): Record<string, string> {
    return this.token ? { Authorization: `Bearer ${this.token}` } : {};
  }

  /** Makes a request; throws a Problem. */
  async fetch(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<Response> {
    let response: Response;
    try {
      response = await fetch(this.base + path, {
        method,
        headers: { ...this.headers(), ...(body !== undefined && { 'Content-Type': 'application/json' }) },
        body: body === undefined ? undefined : JSON.stringify(body),
        credentials: 'omit',
        signal,
      });
    } catch (error) {
      throw new Problem('network', [], 0, String(error));
    }
    if (response.ok) return response;
    throw problem(response.status, await response.text().catch(() => ''), response.headers.get('Retry-After'));
  }

  get<T>(path: string): Promise<T> {
    return this.fetch('GET', path).then((r) => r.json() as Promise<T>);
  }

  post<T>(path: string, body: unknown): Promise<T> {
    return this.fetch('POST', path, body).then((r) => (r.status === 204 ? undefined : r.json()) as Promise<T>);
  }

  /** Sends a file and tells how far it is. fetch cannot tell that. */
  upload<T>(path: string, file: File, progress: (percent: number) => void, signal: AbortSignal): Promise<T> {
    return new Promise((resolve, reject) => {
      const x = new XMLHttpRequest();
      const form = new FormData();
      form.append('file', file);
      x.open('POST', this.base + path);
      for (const [name, value] of Object.entries(this.headers())) x.setRequestHeader(name, value);
      x.upload.onprogress = (e) => e.lengthComputable && progress(Math.round((100 * e.loaded) / e.total));
      x.onload = () =>
        x.status < 300
          ? resolve(JSON.parse(x.responseText) as T)
          : reject(problem(x.status, x.responseText, x.getResponseHeader('Retry-After')));
      x.onerror = x.onabort = () => reject(new Problem('network'));
      signal.addEventListener('abort', () => x.abort());
      x.send(form);
    });
  }
}
