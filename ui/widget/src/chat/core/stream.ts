import { type API, Problem } from './api';
import { Parser, type SSE } from './sse';

const silence = 45_000; // after which a connection is dead
const longest = 30_000; // between two tries

/** How long to wait before try n, from 1 s on, with jitter. */
export function backoff(n: number, random = Math.random): number {
  return Math.min(longest, 1000 * 2 ** n) * (0.75 + random() / 2);
}

/** Waits as long as a refusal says, or before try n. */
export const rest = ({ after }: Partial<Problem>, n: number) =>
  new Promise<void>((resolve) => setTimeout(resolve, after ? after * 1000 : backoff(n)));

export type StreamEvents = {
  path(): string;
  event(e: SSE): void;
  connected(yes: boolean): void;
  refused(p: Problem): void; // trying again is of no use
};

/** Holds a stream of events open and opens it again when it breaks. */
export class Stream {
  #abort: AbortController | null = null;
  #timer = 0;
  #tries = 0;

  constructor(
    private readonly api: API,
    private readonly on: StreamEvents,
  ) {}

  /** Connects at once, unless it is connected. */
  open(): void {
    if (!this.#abort) {
      clearTimeout(this.#timer);
      void this.#run((this.#abort = new AbortController()));
    }
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#abort?.abort();
    this.#abort = null;
  }

  async #run(abort: AbortController): Promise<void> {
    let heard = Date.now();
    const watch = setInterval(() => Date.now() - heard > silence && abort.abort(), 5000);
    let failure: unknown;
    try {
      const response = await this.api.fetch('GET', this.on.path(), undefined, abort.signal);
      const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
      const parser = new Parser();
      for (;;) {
        const { done, value } = await reader.read();
        if (done || abort !== this.#abort) break;
        heard = Date.now();
        for (const e of parser.feed(value)) {
          this.#tries = 0;
          if (e.event === 'conversation') this.on.connected(true);
          this.on.event(e);
        }
      }
    } catch (error) {
      failure = error;
    }
    clearInterval(watch);
    if (abort !== this.#abort) return; // closed, or opened anew
    this.#abort = null;
    this.on.connected(false);
    if (failure instanceof Problem && !failure.passing) return this.on.refused(failure);
    const after = failure instanceof Problem && failure.after;
    this.#timer = window.setTimeout(() => this.open(), after ? after * 1000 : backoff(this.#tries++));
  }
}
