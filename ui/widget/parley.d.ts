// The JavaScript API of the Parley Web Widget, see docs/widget.md. Copy this
// file into a TypeScript project to have `parley(…)` typed.

/** A value of a variable. */
export type ParleyValue = string | number | boolean;

/** Who is signed in: proved by a hash of the user id, or by a JWT. */
export type ParleyIdentity = { user_id: string; hash: string; name?: string; email?: string } | { jwt: string };

/** What listeners are told, by event. */
export interface ParleyEvents {
  open: undefined;
  close: undefined;
  started: { conversation_id: string };
  message: { conversation_id: string; id: string; role: 'user' | 'assistant' | 'operator'; content: string };
  ended: { conversation_id: string; reason: string };
}

export interface Parley {
  (call: 'open' | 'close' | 'toggle' | 'mount' | 'unmount'): void;
  (call: 'setVariables', values: Record<string, ParleyValue>): void;
  (call: 'identify', who: ParleyIdentity | null): void;
  /** Returns a function that stops it, once the script has loaded. */
  <E extends keyof ParleyEvents>(call: 'on', event: E, listener: (detail: ParleyEvents[E]) => void): () => void;
  /** Calls made before the script has loaded. */
  q?: unknown[][];
}

declare global {
  interface Window {
    parley: Parley;
  }
  const parley: Parley;
}
