import { describe, expect, it } from 'vitest';
import type { CannedReply } from '@/api/types';
import { conversation } from '@/test/samples';
import { nextColor, tagColors } from './colors';
import { fill, meant, putIn, slashAt, valuesOf } from './canned';

const reply = (shortcut: string, text = 'x'): CannedReply => ({ id: shortcut, shortcut, text, updated_at: '' });

describe('a slash', () => {
  it('is one at the start of a word, up to the caret', () => {
    expect(slashAt('/', 1)).toEqual({ start: 0, typed: '' });
    expect(slashAt('Hello /Hou', 10)).toEqual({ start: 6, typed: 'hou' });
    expect(slashAt('line\n/ret', 9)).toEqual({ start: 5, typed: 'ret' });
    expect(slashAt('/hours', 3)).toEqual({ start: 0, typed: 'ho' });
  });
  it('is none inside of words, dates and addresses', () => {
    for (const content of ['1/2', 'and/or', 'https://x', '/hours ', '//', '']) {
      expect(slashAt(content, content.length)).toBeNull();
    }
  });
  it('gives way to the reply', () => {
    expect(putIn('Hi /ho there', { start: 3, typed: 'ho' }, 6, 'At nine.')).toEqual({
      content: 'Hi At nine. there',
      caret: 11,
    });
  });
});

describe('canned replies', () => {
  it('are found by the beginning first, then by what they hold', () => {
    const all = [
      reply('hours'),
      reply('returns', 'within 30 days, in our opening hours'),
      reply('holiday-hours'),
      reply('hi'),
    ];
    expect(meant(all, 'ho').map((r) => r.shortcut)).toEqual(['hours', 'holiday-hours', 'returns']);
    expect(meant(all, '', 2)).toHaveLength(2);
    expect(meant(all, 'nothing')).toEqual([]);
  });
  it('are filled in with names and variables, and keep what is not known', () => {
    const c = conversation('1', {
      variables: [
        {
          name: 'order_id',
          type: 'text',
          source: 'pre_chat',
          value: 'ORD-1',
          message_id: null,
          assistant_version: 1,
          set_at: '',
        },
      ],
    });
    const values = valuesOf(c, 'Ben');
    expect(fill('{contact_name}, {order_id}: {operator_name} and {assistant_name}, {unknown} {}', values)).toBe(
      'Contact 1, ORD-1: Ben and Mira, {unknown} {}',
    );
  });
});

describe('the colour of a new tag', () => {
  it('is one that is used least', () => {
    expect(nextColor([])).toBe(tagColors[0]);
    expect(nextColor([tagColors[0], tagColors[1]])).toBe(tagColors[2]);
    expect(nextColor([...tagColors])).toBe(tagColors[0]);
  });
});
