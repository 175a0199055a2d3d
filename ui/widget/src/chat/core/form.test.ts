import { expect, test } from 'vitest';
import type { Field } from '../../protocol';
import { check, values } from './form';

const field = (more: Partial<Field>): Field => ({
  name: 'f',
  type: 'text',
  label: 'F',
  required: false,
  placeholder: '',
  options: [],
  min: null,
  max: null,
  max_length: 0,
  pattern: '',
  pattern_hint: '',
  consent: '',
  ...more,
});

test.each<[string, Partial<Field>, string | boolean, unknown]>([
  ['empty and optional', {}, ' ', null],
  ['empty and required', { required: true }, ' ', { key: 'field_required' }],
  ['consent not given', { type: 'checkbox', required: true, consent: 'I agree' }, false, { key: 'field_required' }],
  ['consent', { type: 'checkbox', required: true, consent: 'I agree' }, true, null],
  ['too long, in characters', { max_length: 2 }, '🎈🎈🎈', { key: 'field_long', count: 2 }],
  ['no e-mail', { type: 'email' }, 'a@b', { key: 'field_email' }],
  ['e-mail', { type: 'email' }, ' a@b.example ', null],
  ['no phone', { type: 'phone' }, '12345', { key: 'field_phone' }],
  ['phone', { type: 'phone' }, '+44 20 7946 0000', null],
  ['no number', { type: 'number' }, 'x', { key: 'field_number' }],
  ['small', { type: 'number', min: 3 }, '2', { key: 'field_min', count: 3 }],
  ['large', { type: 'number', max: 3 }, '3,5', { key: 'field_max', count: 3 }],
  ['pattern is for the whole text', { pattern: 'a|b' }, 'ab', { key: 'field_pattern' }],
  ['pattern with a hint', { pattern: '\\d', pattern_hint: 'A digit' }, 'x', { text: 'A digit' }],
])('%s', (_, f, value, want) => {
  expect(check(field(f), value)).toEqual(want);
});

test('values are as the server takes them', () => {
  const fields = [field({ name: 'n', type: 'number' }), field({ name: 'c', type: 'checkbox' }), field({ name: 'e' })];
  expect(values(fields, { n: '1,5', c: true, e: ' ' })).toEqual({ n: 1.5, c: true });
});
