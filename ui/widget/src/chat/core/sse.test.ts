import { expect, test } from 'vitest';
import { Parser } from './sse';

test('events that come in pieces', () => {
  const text = ': alive\n\nid: 7\nevent: message\ndata: {"a":\ndata: 1}\n\nevent: turn\ndata: {}\n\n';
  for (let cut = 1; cut < text.length; cut++) {
    const p = new Parser();
    expect([...p.feed(text.slice(0, cut)), ...p.feed(text.slice(cut))]).toEqual([
      { event: 'message', data: '{"a":\n1}' },
      { event: 'turn', data: '{}' },
    ]);
  }
});

test('an event that is not complete is kept back', () => {
  expect(new Parser().feed('data: half\n')).toEqual([]);
});
