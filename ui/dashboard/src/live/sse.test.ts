import { describe, expect, it } from 'vitest';
import { SseParser } from './sse';

describe('SseParser', () => {
  it('reads events whatever the chunks are', () => {
    const stream = ': hello\n\nid: 7\nevent: delta\ndata: {"a":1}\n\ndata: one\ndata: two\n\n';
    for (let size = 1; size <= stream.length; size++) {
      const parser = new SseParser();
      const events = [];
      for (let i = 0; i < stream.length; i += size) events.push(...parser.push(stream.slice(i, i + size)));
      expect(events).toEqual([
        { id: '7', event: 'delta', data: '{"a":1}' },
        { id: '7', event: 'message', data: 'one\ntwo' },
      ]);
    }
  });

  it('reads lines that end in CRLF', () => {
    const parser = new SseParser();
    expect([...parser.push('data: x\r'), ...parser.push('\n\r\n')]).toEqual([{ id: '', event: 'message', data: 'x' }]);
  });

  it('keeps what is not complete', () => {
    const parser = new SseParser();
    expect(parser.push('data: x\n')).toEqual([]);
    expect(parser.push('\n')).toHaveLength(1);
  });
});
