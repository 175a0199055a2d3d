import { describe, expect, it } from 'vitest';
import { summary } from './summary';

const none = { state: 'done', done: 0, total: 9, taken: 0, messages: 0, present: 0, refused: 0 } as const;

describe('the report of an import', () => {
  it('says what was taken, what was here, and what was not taken', () => {
    expect(summary({ ...none, taken: 1, messages: 2 })).toBe('1 conversation taken with 2 messages');
    expect(summary({ ...none, taken: 1200, messages: 1, present: 3, refused: 4 })).toBe(
      `${(1200).toLocaleString()} conversations taken with 1 message · 3 already here · 4 not taken`,
    );
    expect(summary({ ...none, present: 5 })).toBe('5 already here');
  });

  it('says where it was stopped, and what was taken until then', () => {
    expect(summary({ ...none, state: 'canceled', done: 4, taken: 3, messages: 6 })).toBe(
      'Stopped after 4 of 9 conversations · 3 conversations taken with 6 messages',
    );
    expect(summary({ ...none, state: 'canceled', total: null })).toBe('Nothing was taken');
  });

  it('says nothing before it has begun, and that nothing was taken after', () => {
    expect(summary({ ...none, state: 'queued' })).toBe('');
    expect(summary(none)).toBe('Nothing was taken');
  });
});
