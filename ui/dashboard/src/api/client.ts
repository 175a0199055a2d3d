import createClient, { type Middleware } from 'openapi-fetch';
import { text } from '@/text/en';
import { ApiError, errorOf } from './error';
import type { paths } from './schema';

/** A random id, also where the page is not a secure context. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('');
}

// Every POST carries a key, so that a request sent twice by the network counts
// once. A caller that may itself send one intent again gives its own.
const errors: Middleware = {
  onRequest({ request }) {
    if (request.method === 'POST' && !request.headers.has('Idempotency-Key')) {
      request.headers.set('Idempotency-Key', newKey());
    }
    return request;
  },
  async onResponse({ response }) {
    if (!response.ok) throw await errorOf(response);
    return undefined;
  },
  onError({ request, error }) {
    if (request.signal.aborted || error instanceof ApiError) return undefined;
    return new ApiError({ code: 'offline', message: text.errors.offline, status: 0 });
  },
};

/**
 * The API of the server that delivered this page, as its OpenAPI document
 * describes it. Anything but a success throws an ApiError:
 * `await data(api.GET('/api/v1/conversations/{id}', { params: { path: { id } } }))`
 */
export const api = createClient<paths>({
  baseUrl: window.location.origin,
  fetch: (request) => globalThis.fetch(request),
});
api.use(errors);

/** The body of a successful answer; undefined where the API has none. */
export async function data<T>(call: Promise<{ data?: T }>): Promise<T> {
  return (await call).data as T;
}

/** For what the document does not describe as JSON: files, CSV, the transcript. */
export async function send(
  method: string,
  path: string,
  init: { body?: BodyInit; type?: string; signal?: AbortSignal } = {},
) {
  const headers = new Headers();
  if (init.type) headers.set('Content-Type', init.type);
  if (method === 'POST') headers.set('Idempotency-Key', newKey());
  let response: Response;
  try {
    response = await fetch(path, { method, headers, body: init.body, signal: init.signal });
  } catch (cause) {
    if (init.signal?.aborted) throw cause;
    throw new ApiError({ code: 'offline', message: text.errors.offline, status: 0 });
  }
  if (!response.ok) throw await errorOf(response);
  return response;
}
