import { expect, test } from 'vitest';
import type { Message } from '../../protocol';
import { broken, delta, empty, message, turn } from './log';

const say = (id: string, seq: number, more: Partial<Message> = {}): Message => ({
  id,
  seq,
  rev: seq,
  role: 'assistant',
  html: id,
  content: id,
  event: '',
  author: null,
  tools: [],
  attachments: [],
  choices: [],
  reply_to: null,
  client_id: null,
  turn_id: null,
  created_at: '2026-01-01T00:00:00Z',
  edited_at: null,
  deleted_at: null,
  ...more,
});
const ids = (log: typeof empty) => log.messages.map((m) => m.html);

test('messages are in order, once, in their newest form', () => {
  let log = [say('b', 2), say('a', 1), say('b', 2, { rev: 5, html: 'B' })].reduce(message, empty);
  expect(ids(log)).toEqual(['a', 'B']);
  expect(log.rev).toBe(5);
  log = message(log, say('b', 2, { rev: 3, html: 'stale' }));
  expect(ids(log)).toEqual(['a', 'B']);
});

test('deltas keep what they say and replace the rest', () => {
  let log = delta(empty, { turn_id: 't', keep: 0, blocks: ['1', '2'] });
  log = delta(log, { turn_id: 't', keep: 1, blocks: ['two', 'three'] });
  expect(log.reply).toEqual({ turn: 't', blocks: ['1', 'two', 'three'], state: 'live' });
  log = delta(log, { turn_id: 'u', keep: 0, blocks: ['new'] });
  expect(log.reply?.blocks).toEqual(['new']);
});

test('the message of a turn replaces its blocks', () => {
  const log = delta(empty, { turn_id: 't', keep: 0, blocks: ['half'] });
  expect(message(log, say('x', 1, { role: 'user' })).reply).not.toBeNull();
  expect(message(log, say('x', 1, { turn_id: 't' })).reply).toBeNull();
});

test('a half answer that a restart cut off is withdrawn, then replaced', () => {
  let log = broken(delta(empty, { turn_id: 't', keep: 0, blocks: ['half'] }));
  expect(log.reply?.state).toBe('dimmed');
  log = turn(log, { turn_id: '', status: 'pending' });
  expect(log.reply?.state).toBe('withdrawn');
  expect(log.due).toBe(true);
  log = turn(log, { turn_id: 'u', status: 'running' });
  expect(log.due).toBe(true);
  log = delta(log, { turn_id: 'u', keep: 0, blocks: ['whole'] });
  expect(log.reply).toEqual({ turn: 'u', blocks: ['whole'], state: 'live' });
  expect(log.due).toBe(false);
});

test.each(['none', 'done', 'failed'])('%s leaves nothing of an answer', (status) => {
  const log = turn(delta(empty, { turn_id: 't', keep: 0, blocks: ['x'] }), { turn_id: 't', status });
  expect(log).toMatchObject({ reply: null, due: false });
});

test('an answer that an operator cut off is withdrawn with a word', () => {
  const log = turn(delta(empty, { turn_id: 't', keep: 0, blocks: ['x'] }), { turn_id: 't', status: 'canceled' });
  expect(log.reply).toEqual({ turn: 't', blocks: [], state: 'canceled' });
  expect(message(log, say('o', 3, { role: 'operator' })).reply).toBeNull();
});
