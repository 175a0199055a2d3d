import { text } from '@/text/en';
import { ApiError, errorOf } from './error';

type Value = string | number | boolean;

export interface CallOptions {
  /** Values for the `{name}` parts of the path. */
  path?: Record<string, string | number>;
  /** A list repeats its name. Empty and undefined values are left out. */
  query?: Record<string, Value | Value[] | null | undefined>;
  body?: unknown;
  signal?: AbortSignal;
  /** Names one intent, so that sending it again does it once. POST gets one of its own by default. */
  idempotencyKey?: string;
}

/** A random id, also where the page is not a secure context. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('');
}

export function urlOf(path: string, options: CallOptions = {}): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(String(options.path?.[name] ?? '')),
  );
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(options.query ?? {})) {
    for (const v of Array.isArray(value) ? value : [value]) {
      if (v !== undefined && v !== null && v !== '') query.append(name, String(v));
    }
  }
  const search = query.toString();
  return search ? `${filled}?${search}` : filled;
}

/** Sends a request and throws an ApiError unless the answer is a success. */
export async function send(method: string, path: string, options: CallOptions = {}): Promise<Response> {
  const headers = new Headers({ Accept: 'application/json' });
  let body: BodyInit | undefined;
  if (options.body instanceof FormData || options.body instanceof Blob) {
    body = options.body;
  } else if (options.body !== undefined) {
    headers.set('Content-Type', 'application/json');
    body = JSON.stringify(options.body);
  }
  if (method === 'POST') headers.set('Idempotency-Key', options.idempotencyKey ?? newKey());
  let response: Response;
  try {
    response = await fetch(urlOf(path, options), { method, headers, body, signal: options.signal });
  } catch (cause) {
    if (options.signal?.aborted) throw cause;
    throw new ApiError({ code: 'offline', message: text.errors.offline, status: 0 });
  }
  if (!response.ok) throw await errorOf(response);
  return response;
}

async function call<T>(method: string, path: string, options?: CallOptions): Promise<T> {
  const response = await send(method, path, options);
  if (response.status === 204) return undefined as T;
  const raw = await response.text();
  return (raw ? JSON.parse(raw) : undefined) as T;
}

/** The API of the server that delivered this page. */
export const api = {
  get: <T>(path: string, options?: CallOptions) => call<T>('GET', path, options),
  post: <T>(path: string, options?: CallOptions) => call<T>('POST', path, options),
  put: <T>(path: string, options?: CallOptions) => call<T>('PUT', path, options),
  patch: <T>(path: string, options?: CallOptions) => call<T>('PATCH', path, options),
  del: <T = void>(path: string, options?: CallOptions) => call<T>('DELETE', path, options),
};
