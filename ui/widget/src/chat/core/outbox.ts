import type { Attachment } from '../../protocol';

/** A message that has not been delivered. */
export type Waiting = {
  client_id: string;
  content: string;
  attachments: Attachment[];
  conversation: string; // '' before one has begun
  error?: string; // key of the text that says why it was refused for good
};

/** Messages that wait to be sent, in order; kept over a reload. */
export class Outbox {
  constructor(
    private readonly load: () => Waiting[],
    private readonly save: (all: Waiting[]) => void,
  ) {}

  all(): Waiting[] {
    return this.load();
  }

  /** The first that may be sent. */
  next(): Waiting | undefined {
    return this.load().find((w) => !w.error);
  }

  add(w: Waiting): void {
    this.save([...this.load(), w]);
  }

  /** It was delivered, or is given up. */
  remove(id: string): void {
    const all = this.load();
    const left = all.filter((w) => w.client_id !== id);
    if (left.length < all.length) this.save(left);
  }

  /** It was refused for good, or is tried again. */
  change(id: string, to: Partial<Waiting>): void {
    this.save(this.load().map((w) => (w.client_id === id ? { ...w, ...to } : w)));
  }
}
