import type { StreamEvent, StreamTurn } from '@/api/types';

/** A turn that is running, as far as the stream told. */
export interface LiveTurn {
  id: string;
  text: string;
  /** Bytes of UTF-8 in `text`. */
  bytes: number;
  turn: StreamTurn | null;
}

export type LiveTurns = Readonly<Record<string, LiveTurn>>;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

// Adds a delta to a text. Offsets count bytes; 0 starts anew, an overlap is cut
// off, and after a gap nothing fits until the text starts anew.
function append(turn: LiveTurn, offset: number, content: string): LiveTurn {
  if (offset === 0) return { ...turn, text: content, bytes: encoder.encode(content).length };
  if (offset > turn.bytes) return turn;
  const added = encoder.encode(content).subarray(turn.bytes - offset);
  if (added.length === 0) return turn;
  return { ...turn, text: turn.text + decoder.decode(added), bytes: turn.bytes + added.length };
}

function without(turns: LiveTurns, id: string): LiveTurns {
  if (!(id in turns)) return turns;
  return Object.fromEntries(Object.entries(turns).filter(([key]) => key !== id));
}

/** What the running turns of a conversation look like after an event of its stream. */
export function liveTurns(turns: LiveTurns, event: StreamEvent): LiveTurns {
  if (event.type === 'resync') return {};
  const blank = (id: string): LiveTurn => turns[id] ?? { id, text: '', bytes: 0, turn: null };
  if (event.delta) {
    const { turn_id: id, offset, content } = event.delta;
    return { ...turns, [id]: append(blank(id), offset, content) };
  }
  if (event.turn) {
    if (event.turn.status !== 'running') return without(turns, event.turn.id);
    return { ...turns, [event.turn.id]: { ...blank(event.turn.id), turn: event.turn } };
  }
  // The reply is recorded: the message takes the place of the text in the making.
  const message = event.message;
  if (message?.turn_id && message.role === 'assistant') {
    const running = turns[message.turn_id];
    return running ? { ...turns, [message.turn_id]: { ...running, text: '', bytes: 0 } } : turns;
  }
  return turns;
}
