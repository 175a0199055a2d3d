import type { Conversation, Message } from '../../protocol';
import * as logs from './log';
import type { SSE } from './sse';
import type { Visit } from './visit';

const typingShown = 6000;

/** Takes in what the server tells of a conversation. */
export class Hearing {
  #visit: Visit;
  #caughtUp = false; // what comes from now on is new
  #level = false; // this connection has told all that was missed
  #typingTimer = 0;

  constructor(visit: Visit) {
    this.#visit = visit;
  }

  /** Another conversation is shown; if it was created for that, all of it is new. */
  begin(created: boolean): void {
    this.#level = false;
    this.#caughtUp = created;
  }

  /** The stream is there, or broke. */
  connected(yes: boolean): void {
    this.#level &&= yes;
  }

  /** Takes in an event of the stream. */
  event(e: SSE): void {
    const data: unknown = JSON.parse(e.data);
    const { log } = this.#visit.state;
    switch (e.event) {
      case 'conversation':
        return this.told(data as Conversation);
      case 'message':
        return this.#take(data as Message);
      case 'turn':
        this.#caughtUp = this.#level = true;
        return this.#visit.set({ log: logs.turn(log, data as Parameters<typeof logs.turn>[1]) });
      case 'delta':
        return this.#visit.set({ log: logs.delta(log, data as Parameters<typeof logs.delta>[1]), typing: '' });
      case 'typing':
        this.#visit.set({ typing: (data as { name: string }).name });
        clearTimeout(this.#typingTimer);
        this.#typingTimer = window.setTimeout(() => this.#visit.set({ typing: '' }), typingShown);
        return;
      case 'resync':
        void this.#readAgain();
    }
  }

  /** Takes in how the conversation stands. */
  told(c: Conversation): void {
    const was = this.#visit.state.conversation;
    const log = { ...this.#visit.state.log, rev: Math.max(this.#visit.state.log.rev, this.#level ? c.rev : 0) };
    this.#visit.set({ conversation: c, log });
    this.#visit.host.badge(this.#visit.state.open ? 0 : c.unread);
    if (was?.status === 'active' && c.status === 'ended') {
      this.#visit.host.emit('ended', { conversation_id: c.id, reason: c.end_reason });
    }
  }

  #take(m: Message): void {
    const known = this.#visit.state.log.messages.some((old) => old.id === m.id && old.rev); // no rev: sent, and not heard of yet
    if (m.client_id) this.#visit.outbox.remove(m.client_id);
    this.#visit.set({
      log: logs.message(this.#visit.state.log, m),
      typing: m.role === 'operator' ? '' : this.#visit.state.typing,
    });
    if (!known && this.#caughtUp) this.#visit.onMessage(m);
  }

  /** Reads all messages anew. */
  async #readAgain(): Promise<void> {
    const id = this.#visit.state.conversation?.id;
    try {
      for (let after = 0, more = true; more;) {
        const got = await this.#visit.api.get<{ data: Message[]; last_seq: number; rev: number; more: boolean }>(
          `/conversations/${id}/messages?after=${after}`,
        );
        if (this.#visit.state.conversation?.id !== id) return;
        this.#visit.set({ log: got.data.reduce(logs.message, this.#visit.state.log) });
        ({ more, last_seq: after } = got);
      }
    } catch {
      this.#visit.reconnect(); // a new connection says it again
    }
  }
}
