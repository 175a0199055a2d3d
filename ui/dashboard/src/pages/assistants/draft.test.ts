import { describe, expect, it } from 'vitest';
import { changedFields, mergeExamples, normalize, same } from './draft';
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

describe('mergeExamples', () => {
  const of = (question: string, message_id?: string) => ({ question, answer: 'Yes.', message_id });
  const a = of('Are you open?', 'm1');
  const b = of('Is there parking?');

  it('takes what was saved where nothing was edited', () => {
    expect(mergeExamples([a, b], [a, b], [b])).toEqual([b]);
    expect(mergeExamples(undefined, undefined, [a])).toEqual([a]);
  });

  it('adds what was saved meanwhile to what was edited', () => {
    const edited = of('Is there parking nearby?');
    expect(mergeExamples([b], [edited], [b, a])).toEqual([edited, a]);
    expect(mergeExamples([b], [], [b, a])).toEqual([a]);
  });

  it('replaces the example of the same answer, and adds none twice', () => {
    const again = of('Are you open on Sunday?', 'm1');
    expect(mergeExamples([a], [b, a], [again])).toEqual([b, again]);
    expect(mergeExamples([a], [a, b, again], [a, again])).toEqual([b, again]);
  });
});
