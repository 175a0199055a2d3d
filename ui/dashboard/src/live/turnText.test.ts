import { describe, expect, it } from 'vitest';
import type { Message, StreamEvent } from '@/api/types';
import { type LiveTurns, liveTurns } from './turnText';

const delta = (offset: number, content: string): StreamEvent => ({
  type: 'delta',
  delta: { turn_id: 't', offset, content },
});
const after = (...events: StreamEvent[]) => events.reduce<LiveTurns>(liveTurns, {});

describe('liveTurns', () => {
  it('joins deltas by their byte offsets', () => {
    expect(after(delta(0, 'Grüße'), delta(7, ', 世界'), delta(15, '!')).t?.text).toBe('Grüße, 世界!');
  });

  it('cuts off what it has already', () => {
    expect(after(delta(0, 'Hello'), delta(3, 'lo you'), delta(0, 'Hello you')).t?.text).toBe('Hello you');
    expect(after(delta(0, 'Hello'), delta(0 + 2, 'llo')).t?.text).toBe('Hello');
  });

  it('waits after a gap until the text starts anew', () => {
    expect(after(delta(0, 'a'), delta(9, 'z')).t?.text).toBe('a');
    expect(after(delta(0, 'a'), delta(9, 'z'), delta(0, 'again')).t?.text).toBe('again');
  });

  it('forgets a turn that ended and everything on resync', () => {
    const ended: StreamEvent = { type: 'turn', turn: { id: 't', status: 'done' } };
    expect(after(delta(0, 'a'), ended)).toEqual({});
    expect(after(delta(0, 'a'), { type: 'resync' })).toEqual({});
  });

  it('gives way to the recorded message and keeps the turn', () => {
    const message = { turn_id: 't', role: 'assistant' } as Message;
    const turns = after({ type: 'turn', turn: { id: 't', status: 'running' } }, delta(0, 'a'), {
      type: 'message',
      message,
    });
    expect(turns.t?.text).toBe('');
    expect(turns.t?.turn?.status).toBe('running');
  });
});
