import type { Config, Conversation, Message } from '../../protocol';
import { type Log, empty } from './log';
import type { Waiting } from './outbox';

/** A file that is being sent, or has been. */
export type Upload = {
  key: string;
  name: string;
  percent: number;
  id: string;
  image: boolean;
  error: string;
  file: File;
  abort: AbortController;
};

/** A line that says what is the matter: a key of the texts and what fills it. */
export type Notice = { key: string; fill?: Record<string, string | number> };

export type State = {
  config: Config | null;
  conversation: Conversation | null;
  conversations: Conversation[] | null; // the earlier ones, while they are shown
  log: Log;
  outbox: Waiting[];
  uploads: Upload[];
  typing: string; // name of the operator who writes
  connected: boolean;
  online: boolean;
  verified: boolean;
  open: boolean;
  sound: boolean;
  view: 'chat' | 'history' | 'leave' | 'left';
  notice: Notice | null;
  limit: boolean; // the conversation takes no more
  blocked: boolean; // the site is not on the list
  said: Message | null; // what screen readers are told
};

export const initial: State = {
  config: null,
  conversation: null,
  conversations: null,
  log: empty,
  outbox: [],
  uploads: [],
  typing: '',
  connected: true,
  online: navigator.onLine,
  verified: false,
  open: false,
  sound: false,
  view: 'chat',
  notice: null,
  limit: false,
  blocked: false,
  said: null,
};

/** Holds the state and tells who watches that it has changed. */
export class Store {
  state = initial;
  readonly #watchers = new Set<() => void>();

  set(change: Partial<State>): void {
    this.state = { ...this.state, ...change };
    for (const watcher of this.#watchers) watcher();
  }

  watch(fn: () => void): () => void {
    this.#watchers.add(fn);
    return () => this.#watchers.delete(fn);
  }
}
