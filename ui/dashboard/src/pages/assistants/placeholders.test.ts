import { describe, expect, it } from 'vitest';
import type { VariableSchema } from '@/api/types';
import { findPlaceholders, knownPlaceholders, segments, unknownPlaceholders } from './placeholders';

const variables: VariableSchema[] = [{ name: 'order_id', type: 'text', source: 'extracted' }];
const known = knownPlaceholders(variables);

describe('findPlaceholders', () => {
  it('finds single and double braces, as the server does', () => {
    const names = findPlaceholders('Hi {contact_name}, {{ order_id }} and {{source}}').map((use) => use.name);
    expect(names).toEqual(['contact_name', 'order_id', 'source']);
  });

  it('leaves JSON, code and other braces alone', () => {
    expect(findPlaceholders('{"a": 1} {} {1x} { spaced } function() { return x; }')).toEqual([]);
  });

  it('tells where each one stands', () => {
    const text = 'a {source} b';
    const [use] = findPlaceholders(text);
    expect(text.slice(use?.from, use?.to)).toBe('{source}');
  });
});

describe('unknownPlaceholders', () => {
  it('names each one that nothing fills, once, over all texts', () => {
    expect(unknownPlaceholders(['{custmer} {source}', '{custmer} {order_id} {x}'], known)).toEqual(['custmer', 'x']);
  });
});

describe('segments', () => {
  it('loses no character of the text', () => {
    const text = 'Hi {contact_name}!\n{{oops}} {order_id}';
    const parts = segments(text, known);
    expect(parts.map((part) => part.text).join('')).toBe(text);
    expect(parts.filter((part) => part.kind !== 'plain').map((part) => part.kind)).toEqual([
      'known',
      'unknown',
      'known',
    ]);
  });
});
