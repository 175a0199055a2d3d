import type { DeltaEvent, Message, TurnEvent } from '../../protocol';

/** An answer in the making. Dimmed: the stream broke, and it may be stale. */
export type Reply = { turn: string; blocks: string[]; state: 'live' | 'dimmed' | 'withdrawn' | 'canceled' };

/** What is known of a conversation's messages. It is replaced, never changed. */
export type Log = {
  messages: Message[]; // by seq
  reply: Reply | null;
  due: boolean; // an answer is awaited, and nothing of it has come
  tool: string;
  rev: number;
};

export const empty: Log = { messages: [], reply: null, due: false, tool: '', rev: 0 };

/** Takes in a message that is new or has changed. */
export function message(log: Log, m: Message): Log {
  const at = log.messages.findIndex((old) => old.id === m.id);
  if (at >= 0 && (log.messages[at]?.rev ?? 0) > m.rev) return log;
  const messages = at >= 0 ? log.messages.with(at, m) : [...log.messages, m].sort((a, b) => a.seq - b.seq);
  const replaces = log.reply && (log.reply.turn === m.turn_id || log.reply.state !== 'live') && m.role !== 'user';
  return { ...log, messages, reply: replaces ? null : log.reply, rev: Math.max(log.rev, m.rev) };
}

/** Takes in what has been written of an answer. */
export function delta(log: Log, d: DeltaEvent): Log {
  const had = log.reply?.turn === d.turn_id ? log.reply.blocks : [];
  const blocks = [...had.slice(0, d.keep), ...d.blocks];
  return { ...log, due: !blocks.length, tool: '', reply: { turn: d.turn_id, blocks, state: 'live' } };
}

/** Takes in how a turn stands. */
export function turn(log: Log, t: TurnEvent): Log {
  const { reply } = log;
  const tool = t.tool ?? '';
  switch (t.status) {
    case 'pending':
      return { ...log, due: true, tool, reply: reply && { ...reply, state: 'withdrawn' } };
    case 'running':
      return { ...log, due: reply?.state !== 'live' || !reply.blocks.length, tool };
    case 'canceled':
      return { ...log, due: false, tool: '', reply: reply && { ...reply, blocks: [], state: 'canceled' } };
    default:
      return { ...log, due: false, tool: '', reply: null };
  }
}

/** The stream broke: what is shown of an answer may not be how it stands. */
export function broken(log: Log): Log {
  return log.reply?.state === 'live' ? { ...log, reply: { ...log.reply, state: 'dimmed' } } : log;
}
