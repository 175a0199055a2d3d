import { ApiError } from '@/api/error';
import type { StreamEvent } from '@/api/types';
import { type ConnectionHandlers, connect } from './connection';

export type LiveState = 'connecting' | 'live' | 'lost';
type Listener = (event: StreamEvent) => void;
type Connect = (url: string, handlers: ConnectionHandlers) => () => void;

const longestPause = 15_000;

/**
 * The one stream of this tab: the events of all conversations and the deltas
 * of the one in focus. It opens again by itself. After a gap every listener
 * gets a `resync` and reads the API again; a change of focus leaves no gap,
 * because the old stream stays until the new one is open.
 */
export class LiveHub {
  private listeners = new Set<Listener>();
  private stateListeners = new Set<() => void>();
  private focus = '';
  private closeCurrent: (() => void) | null = null;
  private attempt: (() => void) | null = null;
  private failures = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private wasLive = false;
  private _state: LiveState = 'connecting';
  private running = false;

  constructor(
    private readonly onUnauthorized: () => void,
    private readonly open: Connect = connect,
  ) {}

  get state(): LiveState {
    return this._state;
  }

  start() {
    this.running = true;
    window.addEventListener('online', this.retryNow);
    this.dial();
  }

  stop() {
    this.running = false;
    window.removeEventListener('online', this.retryNow);
    clearTimeout(this.timer);
    this.attempt?.();
    this.closeCurrent?.();
    this.attempt = this.closeCurrent = null;
  }

  listen = (listener: Listener): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  watchState = (listener: () => void): (() => void) => {
    this.stateListeners.add(listener);
    return () => this.stateListeners.delete(listener);
  };

  /** Asks for the deltas of a conversation; '' for none. */
  setFocus(conversation: string) {
    if (this.focus === conversation) return;
    this.focus = conversation;
    if (!this.running) return;
    clearTimeout(this.timer);
    this.dial();
  }

  private readonly retryNow = () => {
    if (this._state === 'live') return;
    clearTimeout(this.timer);
    this.dial();
  };

  private emit(event: StreamEvent) {
    for (const listener of [...this.listeners]) listener(event);
  }

  private setState(state: LiveState) {
    if (this._state === state) return;
    this._state = state;
    for (const listener of this.stateListeners) listener();
  }

  private dial() {
    this.attempt?.();
    const focus = this.focus;
    const url = focus ? `/api/v1/stream?deltas=${encodeURIComponent(focus)}` : '/api/v1/stream';
    let mine: (() => void) | null = null;
    mine = this.open(url, {
      onOpen: () => {
        const gap = this.closeCurrent === null;
        this.closeCurrent?.();
        this.closeCurrent = mine;
        this.attempt = null;
        this.failures = 0;
        this.setState('live');
        if (gap && this.wasLive) this.emit({ type: 'resync' });
        else if (focus) this.emit({ type: 'resync', conversation_id: focus });
        this.wasLive = true;
      },
      onEvent: (event) => this.emit(event),
      onClose: (error) => this.closed(mine, error),
    });
    this.attempt = mine;
  }

  private closed(which: (() => void) | null, error: unknown) {
    if (this.closeCurrent === which) this.closeCurrent = null;
    else if (this.attempt === which) this.attempt = null;
    else return;
    if (!this.running) return;
    if (error instanceof ApiError && error.code === 'unauthorized') this.onUnauthorized();
    // The conversation in focus is gone; the others go on.
    if (error instanceof ApiError && error.code === 'not_found') this.focus = '';
    if (this.closeCurrent === null) this.setState(this.failures > 1 ? 'lost' : 'connecting');
    this.failures += 1;
    const pause = Math.min(longestPause, 400 * 2 ** this.failures) * (0.7 + Math.random() * 0.6);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.dial(), pause);
  }
}
