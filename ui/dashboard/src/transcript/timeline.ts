import type { Message } from '@/api/types';
import { text } from '@/text/en';
import { dayName } from '@/parts/time';

export type TimelineItem =
  | { kind: 'day'; key: string; name: string }
  | {
      kind: 'message';
      key: string;
      message: Message;
      /** Same speaker as the one above, soon after. */ joined: boolean;
    };

const joinMillis = 5 * 60_000;

// What is shown: a tool's result stands with its call, not by itself.
function shown(message: Message, withCalls: ReadonlySet<string>): boolean {
  if (message.role === 'tool' && message.tool_calls.length === 0) {
    return !message.turn_id || !withCalls.has(message.turn_id);
  }
  const blank = !message.content && message.attachments.length === 0 && message.tool_calls.length === 0;
  return !blank || Boolean(message.error) || Boolean(message.deleted_at);
}

// Tools are called by the assistant.
const side = (message: Message) => (message.role === 'tool' ? 'assistant' : message.role);

/** The messages in order, with a separator before each new day of the viewer. */
export function timeline(messages: readonly Message[], now = new Date()): TimelineItem[] {
  const withCalls = new Set(
    messages.filter((m) => m.tool_calls.length > 0 && m.turn_id).map((m) => m.turn_id as string),
  );
  const items: TimelineItem[] = [];
  let day = '';
  let last: Message | null = null;
  for (const message of messages) {
    if (!shown(message, withCalls)) continue;
    const name = dayName(message.created_at, now);
    if (name !== day) {
      items.push({ kind: 'day', key: `day-${message.id}`, name });
      day = name;
      last = null;
    }
    const joined =
      last !== null &&
      side(last) === side(message) &&
      last.author?.id === message.author?.id &&
      Date.parse(message.created_at) - Date.parse(last.created_at) < joinMillis;
    items.push({ kind: 'message', key: message.id, message, joined });
    last = message;
  }
  return items;
}

/** Adds messages to the log, or puts their newer state in their place; in order of seq. */
export function mergeMessages(log: readonly Message[], changes: readonly Message[]): Message[] {
  const byId = new Map(log.map((m) => [m.id, m]));
  for (const m of changes) {
    const old = byId.get(m.id);
    if (!old || old.rev <= m.rev) byId.set(m.id, m);
  }
  return [...byId.values()].sort((a, b) => a.seq - b.seq);
}

/** Who is meant by a role, in this conversation. */
export interface Names {
  contact: string;
  assistant: string;
}

export function speaker(message: Pick<Message, 'role' | 'author'>, names: Names): string {
  switch (message.role) {
    case 'user':
      return names.contact;
    case 'assistant':
      return names.assistant;
    case 'operator':
      return message.author?.name || text.conversations.speakers.operator;
    default:
      return text.conversations.speakers[message.role];
  }
}
