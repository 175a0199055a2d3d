import { errorOf } from '@/api/error';
import type { StreamEvent } from '@/api/types';
import { SseParser } from './sse';

// The server sends a heartbeat every 15 s; after this long without a byte the
// connection is dead, even if nothing closed it.
const silenceMillis = 40_000;

export interface ConnectionHandlers {
  /** The server accepted the stream: what happens from now on arrives. */
  onOpen: () => void;
  onEvent: (event: StreamEvent) => void;
  /** The stream ended or broke; it is not opened again by itself. */
  onClose: (error: unknown) => void;
}

/** Opens one stream and returns how to close it. */
export function connect(url: string, handlers: ConnectionHandlers): () => void {
  const abort = new AbortController();
  let closed = false;
  const close = (error: unknown) => {
    if (closed) return;
    closed = true;
    abort.abort();
    handlers.onClose(error);
  };
  let watchdog = setTimeout(close, silenceMillis, null);
  const alive = () => {
    clearTimeout(watchdog);
    watchdog = setTimeout(close, silenceMillis, null);
  };

  const run = async () => {
    const response = await fetch(url, { headers: { Accept: 'text/event-stream' }, signal: abort.signal });
    if (!response.ok || !response.body) throw await errorOf(response);
    if (closed) return;
    handlers.onOpen();
    const parser = new SseParser();
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done || closed) return;
      alive();
      for (const event of parser.push(value)) handlers.onEvent(JSON.parse(event.data) as StreamEvent);
    }
  };
  run()
    .then(() => close(null), close)
    .finally(() => clearTimeout(watchdog));

  return () => {
    closed = true;
    clearTimeout(watchdog);
    abort.abort();
  };
}
