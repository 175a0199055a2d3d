import { describe, expect, it } from 'vitest';
import { exampleArguments, parseSchema, schemaProblem } from './schema';

describe('schemaProblem', () => {
  it.each([
    ['no schema', undefined],
    ['an object without properties', { type: 'object' }],
    [
      'nested objects and lists',
      {
        type: 'object',
        properties: {
          id: { type: 'string', enum: ['a'] },
          lines: {
            type: 'array',
            items: { type: 'object', properties: { n: { type: ['integer', 'null'] } } },
          },
        },
        required: ['id'],
      },
    ],
  ])('accepts %s', (_, schema) => expect(schemaProblem(schema)).toBe(''));

  it.each([
    ['a list', [], 'JSON object'],
    ['another root type', { type: 'string' }, '"type": "object"'],
    [
      'an unknown type deep inside',
      { type: 'object', properties: { a: { properties: { b: { type: 'text' } } } } },
      'a.b',
    ],
    ['an empty enum', { type: 'object', properties: { a: { enum: [] } } }, 'a: '],
    ['a property that is no schema', { type: 'object', properties: { a: 'string' } }, 'a must be'],
    ['a required name that is not there', { type: 'object', properties: {}, required: ['x'] }, 'x'],
    ['items that are no schema', { type: 'object', properties: { a: { type: 'array', items: 1 } } }, 'a: '],
  ])('refuses %s and says where', (_, schema, words) => expect(schemaProblem(schema)).toContain(words));
});

describe('parseSchema', () => {
  it('takes empty text for no schema', () => expect(parseSchema('  \n')).toEqual({ problem: '' }));
  it('says that something is not JSON', () => expect(parseSchema('{').problem).toContain('not JSON'));
  it('gives the value', () =>
    expect(parseSchema('{"type":"object"}')).toEqual({ value: { type: 'object' }, problem: '' }));
});

describe('exampleArguments', () => {
  it('has a value of the right type for every property', () => {
    const schema = {
      type: 'object',
      properties: {
        s: { type: 'string' },
        n: { type: 'integer' },
        b: { type: 'boolean' },
        e: { enum: ['x', 'y'] },
        d: { type: 'string', default: 'z' },
        o: { type: 'object', properties: { in: { type: 'array' } } },
      },
    };
    expect(exampleArguments(schema)).toEqual({ s: '', n: 0, b: false, e: 'x', d: 'z', o: { in: [] } });
  });
});
