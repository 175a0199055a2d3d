import { describe, expect, it } from 'vitest';
import type { Message } from '@/api/types';
import { mergeMessages, timeline } from './timeline';

const message = (seq: number, more: Partial<Message> = {}): Message => ({
  id: `m${seq}`,
  seq,
  rev: seq,
  role: 'user',
  type: 'text',
  author: null,
  content: `text ${seq}`,
  payload: null,
  html: '',
  attachments: [],
  tool_calls: [],
  choices: [],
  reply_to: null,
  delivery: null,
  error: null,
  turn_id: null,
  created_at: new Date(2026, 2, 8, 10, 0, seq).toISOString(),
  edited_at: null,
  deleted_at: null,
  ...more,
});

const now = new Date(2026, 2, 9, 12, 0, 0);

describe('timeline', () => {
  it('separates days and joins what one person says in a row', () => {
    const items = timeline(
      [
        message(1),
        message(2),
        message(3, { role: 'assistant' }),
        message(4, { created_at: new Date(2026, 2, 9).toISOString() }),
      ],
      now,
    );
    expect(items.map((i) => (i.kind === 'day' ? i.name : i.joined))).toEqual([
      'Yesterday',
      false,
      true,
      false,
      'Today',
      false,
    ]);
  });

  it('keeps operators apart', () => {
    const by = (id: string) => ({ role: 'operator' as const, author: { id, name: id } });
    const items = timeline([message(1, by('ana')), message(2, by('bo'))], now);
    expect(items.slice(1).map((i) => i.kind === 'message' && i.joined)).toEqual([false, false]);
  });

  it('hides the results of tools that stand with their call, and empty messages', () => {
    const call = { id: 'c', name: 'lookup', arguments: {} };
    const items = timeline(
      [
        message(1, { role: 'assistant', content: '', turn_id: 't', tool_calls: [call] }),
        message(2, { role: 'tool', turn_id: 't' }),
        message(3, { role: 'tool', turn_id: 'other' }),
        message(4, { role: 'assistant', content: '' }),
        message(5, { role: 'tool', turn_id: 'u', tool_calls: [call] }),
      ],
      now,
    );
    expect(items.flatMap((i) => (i.kind === 'message' ? [i.message.seq] : []))).toEqual([1, 3, 5]);
  });
});

describe('mergeMessages', () => {
  it('orders by seq and keeps the newest state', () => {
    const merged = mergeMessages(
      [message(2), message(1)],
      [message(3), message(1, { rev: 9, content: 'edited' }), message(2, { rev: 0 })],
    );
    expect(merged.map((m) => m.content)).toEqual(['edited', 'text 2', 'text 3']);
  });
});
