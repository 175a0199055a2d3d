import { describe, expect, it } from 'vitest';
import { ApiError } from '@/api/error';
import type { Sender } from '@/api/types';
import { bodyOf, checksOf, fieldErrors, stepOf, valuesOf } from './senderValues';

const refusal = (message: string, fields: { path: string; message: string }[] = []) =>
  new ApiError({ code: 'invalid', status: 400, message, fields });

describe('the settings of a number', () => {
  it('keeps the secrets that are left empty', () => {
    const body = bodyOf({ ...valuesOf(), name: ' Shop ', phone_number_id: '1', waba_id: '2', app: 'a', token: ' ' });
    expect(body).toMatchObject({ name: 'Shop', token: undefined, app: { id: 'a', app_secret: undefined } });
    expect(body.base_url).toBeUndefined();
  });

  it('asks for what only a new number needs', () => {
    const fresh = checksOf();
    const stored = checksOf({ has_token: true } as Sender);
    expect(fresh.token('')).not.toBeNull();
    expect(stored.token('')).toBeNull();
    expect(fresh.app_secret('', valuesOf())).not.toBeNull();
    expect(fresh.app_secret('', { ...valuesOf(), app: 'a' })).toBeNull();
  });

  it.each([
    ['', true],
    ['https://graph.example', true],
    ['http://127.0.0.1:9', true],
    ['ftp://x', false],
    ['https://user@x', false],
  ])('takes %j as an address: %j', (address, good) => {
    expect(checksOf().base_url(address) === null).toBe(good);
  });

  it('puts each sentence of the server at its field', () => {
    expect(fieldErrors(refusal('no', [{ path: 'app.app_secret', message: 'too short' }]))).toEqual({
      app_secret: 'too short',
    });
    expect(fieldErrors(refusal('assistant_id: choose one.'))).toEqual({ assistant_id: 'choose one.' });
    expect(fieldErrors(refusal('Meta: said no.'))).toEqual({});
    expect(fieldErrors(new Error('x: y'))).toEqual({});
  });

  it('finds the step of a field', () => {
    expect(stepOf(['assistant_id', 'waba_id'])).toBe(1);
    expect(stepOf(['app_secret'])).toBe(2);
    expect(stepOf(['other'])).toBe(-1);
  });
});
