// The stable error codes of the API.
export type ErrorCode =
  | 'invalid'
  | 'unauthorized'
  | 'forbidden'
  | 'not_found'
  | 'conflict'
  | 'window_closed'
  | 'takeover_active'
  | 'budget_exhausted'
  | 'rate_limited'
  | 'too_large'
  | 'unavailable'
  | 'internal'
  | 'offline'; // ours: the request never reached the server

export interface FieldError {
  path: string; // dotted, as the server gives it: within the body, or the name of a parameter
  message: string;
}

/** What every failed call of the API throws. `message` is a sentence for a person. */
export class ApiError extends Error {
  readonly code: ErrorCode;
  readonly status: number; // 0 when no answer came
  readonly fields: FieldError[];
  readonly retryAfterSeconds: number | null;

  constructor(init: {
    code: ErrorCode;
    message: string;
    status: number;
    fields?: FieldError[];
    retryAfterSeconds?: number | null;
  }) {
    super(init.message);
    this.name = 'ApiError';
    this.code = init.code;
    this.status = init.status;
    this.fields = init.fields ?? [];
    this.retryAfterSeconds = init.retryAfterSeconds ?? null;
  }

  /** The field errors as a map, in the form that Mantine's `form.setErrors` takes. */
  fieldMap(): Record<string, string> {
    return Object.fromEntries(this.fields.map((f) => [f.path, f.message]));
  }
}

const codeOfStatus: Record<number, ErrorCode> = {
  400: 'invalid',
  401: 'unauthorized',
  402: 'budget_exhausted',
  403: 'forbidden',
  404: 'not_found',
  409: 'conflict',
  413: 'too_large',
  422: 'invalid',
  429: 'rate_limited',
  502: 'unavailable',
  503: 'unavailable',
  504: 'unavailable',
};

interface Problem {
  code?: string;
  title?: string;
  detail?: string;
  errors?: { path?: string; message?: string }[] | null;
}

/** Reads an RFC 9457 problem; anything else (a proxy's page) becomes a plain sentence. */
export async function errorOf(response: Response): Promise<ApiError> {
  const problem = (await response
    .clone()
    .json()
    .catch(() => ({}))) as Problem;
  const after = Number(response.headers.get('Retry-After'));
  return new ApiError({
    code: (problem.code as ErrorCode | undefined) ?? codeOfStatus[response.status] ?? 'internal',
    message: problem.detail || problem.title || `The server answered ${response.status}.`,
    status: response.status,
    fields: (problem.errors ?? []).map((e) => ({
      path: (e.path ?? '').replace(/^(query|path)\./, ''),
      message: e.message ?? '',
    })),
    retryAfterSeconds: Number.isFinite(after) && after > 0 ? after : null,
  });
}
