import type { Conversation, Message } from '../../protocol';
import { Problem } from './api';
import * as logs from './log';
import type { Waiting } from './outbox';
import { rest } from './stream';
import type { Visit } from './visit';

/** Brings what waits in the outbox to the server. */
export class Delivery {
  #visit: Visit;
  #busy = false;
  #wake: () => void = () => {};

  constructor(visit: Visit) {
    this.#visit = visit;
  }

  /** Sends what waits, in order, until nothing does. */
  async flush(): Promise<void> {
    this.#wake();
    if (this.#busy) return;
    this.#busy = true;
    for (let n = 0, w = this.#visit.outbox.next(); w; w = this.#visit.outbox.next()) {
      try {
        await this.#deliver(w);
        n = 0;
      } catch (error) {
        const p = error instanceof Problem ? error : new Problem('network');
        if (p.code === 'unauthorized') {
          await this.#visit.renew().catch(() => {});
          n++;
        } else if (p.code === 'not_found' && w.conversation) {
          if (w.conversation === this.#visit.state.conversation?.id) this.#visit.go(null);
          this.#visit.outbox.change(w.client_id, { conversation: '' });
          continue;
        } else if (!p.passing) {
          await this.#visit.refresh().catch(() => {});
          const { config, conversation } = this.#visit.state;
          if (config?.form && !conversation) break; // sent when the form has been filled in
          this.#visit.outbox.change(w.client_id, { error: this.#reason(p) });
          continue;
        }
        if (p.after) this.#visit.set({ notice: { key: 'error_rate', fill: { count: p.after } } });
        await Promise.race([rest(p, n++), new Promise<void>((r) => (this.#wake = r))]);
        if (p.after) this.#visit.set({ notice: null });
      }
    }
    this.#busy = false;
  }

  async #deliver(w: Waiting): Promise<void> {
    const id = w.conversation || this.#visit.state.conversation?.id || (await this.#visit.start()).id;
    const sent = await this.#visit.api.post<{ conversation_id: string; message: Message }>(
      `/conversations/${id}/messages`,
      {
        client_id: w.client_id,
        content: w.content || undefined,
        attachments: w.attachments.length ? w.attachments.map((a) => a.id) : undefined,
      },
    );
    if (sent.conversation_id === this.#visit.state.conversation?.id) {
      this.#visit.set({ log: logs.message(this.#visit.state.log, { ...sent.message, rev: 0 }) });
    } else {
      this.#visit.go(await this.#visit.api.get<Conversation>(`/conversations/${sent.conversation_id}`));
      this.#visit.onMessage(sent.message);
    }
    this.#visit.outbox.remove(w.client_id);
  }

  /** The text for a refusal. */
  #reason(p: Problem): string {
    if (p.what === 'limit') this.#visit.set({ limit: true });
    if (p.what === 'hours') this.#visit.set({ view: 'leave' });
    const keys: Record<string, string> = {
      limit: 'error_limit',
      hours: 'error_closed',
      identity: 'error_identity',
      attachments: 'error_file_type',
      content: 'error_long',
    };
    return keys[p.what] ?? 'error_send';
  }
}
