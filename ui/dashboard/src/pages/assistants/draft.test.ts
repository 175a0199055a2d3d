import { describe, expect, it } from 'vitest';
import { changedFields, normalize, same } from './draft';
import { fromTemplate } from './templates';

const config = fromTemplate('support', 'Support');

describe('changedFields', () => {
  it('takes absent, null, empty and [] for the same', () => {
    expect(
      changedFields(config, {
        ...config,
        fallback: undefined,
        tools: [],
        time_zone: '',
        knowledge: undefined,
      }),
    ).toEqual([]);
  });

  it('names each field that differs', () => {
    const other = { ...config, prompt: 'New', reply_delay_seconds: 3, variables: [] };
    expect(changedFields(config, other).sort()).toEqual(['prompt', 'reply_delay_seconds', 'variables']);
  });

  it('sees false and 0', () => {
    expect(changedFields(config, { ...config, speaks_first: false })).toEqual(['speaks_first']);
    expect(changedFields({ ...config, reply_delay_seconds: 0 }, config)).toEqual([]);
  });
});

describe('normalize', () => {
  it('keeps what the server needs even when it is empty', () => {
    const bare = normalize({
      ...config,
      prompt: '',
      speaks_first: false,
      reply_delay_seconds: 0,
      greeting: '',
    });
    expect(bare).toMatchObject({ prompt: '', speaks_first: false, reply_delay_seconds: 0 });
    expect(bare).not.toHaveProperty('greeting');
  });
});

describe('same', () => {
  it('does not mind the order of keys, and does mind the order of lists', () => {
    expect(same({ a: 1, b: [1, 2] }, { b: [1, 2], a: 1 })).toBe(true);
    expect(same([1, 2], [2, 1])).toBe(false);
  });
});
