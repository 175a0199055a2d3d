import { vi } from 'vitest';

export interface Asked {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: Headers;
  body: unknown;
}

type Answer = unknown | ((asked: Asked) => unknown);

/** An answer that is not a success. */
export class Refusal {
  constructor(
    readonly status: number,
    readonly problem: object,
    readonly headers: Record<string, string> = {},
  ) {}
}

/**
 * Answers the page's requests from a map of "METHOD /path" to a body. What is
 * not in the map is a 404. Returns what was asked, in order.
 */
export function serve(answers: Record<string, Answer>): Asked[] {
  const asked: Asked[] = [];
  vi.stubGlobal('fetch', async (input: Request | string, init?: RequestInit) => {
    const request = typeof input === 'string' ? new Request(new URL(input, 'http://parley.test'), init) : input;
    const url = new URL(request.url);
    const raw = await request.text();
    const one = {
      method: request.method,
      path: url.pathname,
      query: url.searchParams,
      headers: request.headers,
      body: raw ? JSON.parse(raw) : undefined,
    };
    asked.push(one);
    if (url.pathname === '/api/v1/stream') return new Promise<Response>(() => undefined);
    const answer = answers[`${one.method} ${one.path}`];
    const body = typeof answer === 'function' ? (answer as (a: Asked) => unknown)(one) : answer;
    if (body === undefined) return json(404, { code: 'not_found', detail: `Nothing at ${one.path}.` });
    return body instanceof Refusal ? json(body.status, body.problem, body.headers) : json(200, body);
  });
  return asked;
}

const json = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json', ...headers } });
