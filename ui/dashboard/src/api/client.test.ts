import { describe, expect, it } from 'vitest';
import { Refusal, serve } from '@/test/server';
import { api, data, newKey } from './client';
import { ApiError } from './error';

const patch = () => data(api.PATCH('/api/v1/workspace', { body: { name: '' } }));

const failure = (call: () => Promise<unknown>): Promise<ApiError> =>
  call().then(
    () => {
      throw new Error('It succeeded.');
    },
    (error: ApiError) => error,
  );

describe('the API client', () => {
  it('gives the body of a success', async () => {
    serve({ 'GET /api/v1/me': { version: '1' } });
    await expect(data(api.GET('/api/v1/me'))).resolves.toEqual({ version: '1' });
  });

  it('throws a problem with its code, its sentence and its fields', async () => {
    const problem = {
      code: 'invalid',
      detail: 'The name is missing.',
      errors: [
        { path: 'name', message: 'at least 1' },
        { path: 'body.0', message: 'the first variable of a text' },
      ],
    };
    serve({ 'PATCH /api/v1/workspace': new Refusal(422, problem) });
    const error = await failure(patch);
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ code: 'invalid', status: 422, message: 'The name is missing.' });
    expect(error.fieldMap()).toEqual({ name: 'at least 1', 'body.0': 'the first variable of a text' });
  });

  it('says how long to wait', async () => {
    serve({ 'PATCH /api/v1/workspace': new Refusal(429, { code: 'rate_limited' }, { 'Retry-After': '7' }) });
    expect(await failure(patch)).toMatchObject({ code: 'rate_limited', retryAfterSeconds: 7 });
  });

  it('makes a sentence of an answer that is no problem', async () => {
    serve({ 'PATCH /api/v1/workspace': new Refusal(502, {}) });
    expect(await failure(patch)).toMatchObject({ code: 'unavailable', message: 'The server answered 502.' });
  });

  it('tells a lost request from a refused one', async () => {
    serve({
      'PATCH /api/v1/workspace': () => {
        throw new TypeError('network');
      },
    });
    expect(await failure(patch)).toMatchObject({ code: 'offline', status: 0 });
  });

  it('gives every POST a key, and keeps the one it is given', async () => {
    const asked = serve({ 'POST /api/v1/conversations/{id}/end': {}, 'POST /api/v1/conversations/c/end': {} });
    const params = { path: { id: 'c' } };
    await api.POST('/api/v1/conversations/{id}/end', { params });
    await api.POST('/api/v1/conversations/{id}/end', { params: { ...params, header: { 'Idempotency-Key': 'mine' } } });
    const keys = asked.map((a) => a.headers.get('Idempotency-Key'));
    expect(keys[0]).toHaveLength(32);
    expect(keys[1]).toBe('mine');
    expect(newKey()).not.toBe(newKey());
  });
});
