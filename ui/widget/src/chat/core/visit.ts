import type { Keep } from '../../keep';
import type { Config, Conversation, Host, Identity, Message, Session, Value } from '../../protocol';
import { API, Problem } from './api';
import * as logs from './log';
import { Outbox, type Waiting } from './outbox';
import type { SSE } from './sse';
import { Store } from './state';
import { Stream, backoff } from './stream';

const typingShown = 6000;
const page = () => location.origin + location.pathname;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** A visitor's session: the token, the conversation and its stream. */
export class Visit extends Store {
  readonly api: API;
  readonly keep: Keep;
  readonly outbox: Outbox;
  readonly preview: boolean;
  onMessage: (m: Message) => void = () => {};
  readonly #stream: Stream;
  #beginning: Promise<void> | null = null;
  #starting: Promise<Conversation> | null = null;
  #sending = false;
  #wake: () => void = () => {};
  #caughtUp = false; // what comes from now on is new
  #level = false; // this connection has told all that was missed
  #typingTimer = 0;
  #mounted = true;

  constructor(readonly host: Host) {
    super();
    this.preview = host.config.mode === 'preview';
    this.api = new API(host.api);
    this.keep = host.keep;
    this.outbox = new Outbox(
      () => (this.keep.read().outbox ?? []) as Waiting[],
      (outbox) => {
        this.keep.write({ outbox });
        this.set({ outbox });
      },
    );
    this.#stream = new Stream(this.api, {
      path: () => `/conversations/${this.state.conversation?.id}/stream?since=${this.state.log.rev}`,
      event: (e) => this.#event(e),
      connected: (connected) => {
        this.#level &&= connected;
        this.set(connected ? { connected } : { connected, log: logs.broken(this.state.log) });
        if (connected) void this.flush();
      },
      refused: (p) => this.#refused(p),
    });
    this.set({ sound: this.keep.read().sound ?? false, outbox: this.outbox.all() });
  }

  /** Asks for the settings and a token, once, until both have come. */
  begin(): Promise<void> {
    return (this.#beginning ??= this.#ask());
  }

  async #ask(): Promise<void> {
    if (this.preview) return;
    for (let n = 0; ; n++) {
      try {
        const language = encodeURIComponent(navigator.language);
        const [config] = await Promise.all([this.api.get<Config>(`/config?lang=${language}`), this.renew()]);
        this.configure(config);
        void this.flush();
        return;
      } catch (error) {
        if (error instanceof Problem && !error.passing) {
          console.error(`parley: ${error.message}`);
          this.set({ blocked: true });
          return;
        }
        await pause(error instanceof Problem && error.after ? error.after * 1000 : backoff(n));
      }
    }
  }

  configure(config: Config): void {
    const closed = config.hours.closed && !config.hours.assistant_answers;
    this.set({ config, view: closed && !this.state.conversation ? 'leave' : this.state.view });
  }

  /** Gets a token, for the visitor that the one at hand stands for. */
  async renew(): Promise<void> {
    this.api.token = this.keep.read().token ?? '';
    let session: Session;
    try {
      session = await this.api.post<Session>('/visitor', {});
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== 'unauthorized') throw error;
      this.#forget();
      session = await this.api.post<Session>('/visitor', {});
    }
    this.#accept(session);
    if (this.host.identity && !session.verified) await this.#prove(this.host.identity);
  }

  #accept(session: Session): void {
    this.api.token = session.token;
    this.keep.write({ token: session.token, refresh_at: session.refresh_at, conversation: !!session.conversation });
    this.set({ verified: session.verified });
    this.go(session.conversation);
  }

  /** Forgets who the visitor was, with what was shown. */
  #forget(): void {
    const { open, sound } = this.keep.read();
    this.api.token = '';
    this.keep.clear();
    this.keep.write({ open, sound });
    this.go(null);
    this.set({ outbox: [], uploads: [], view: 'chat', verified: false });
  }

  async #prove(who: Identity): Promise<void> {
    try {
      this.#accept(await this.api.post<Session>('/identify', who));
    } catch (error) {
      if (error instanceof Problem && error.passing) throw error;
      console.error(`parley: identify: ${(error as Error).message}`);
    }
  }

  async identify(who: Identity | null): Promise<void> {
    await this.begin();
    if (!who) this.#forget();
    await (who ? this.#prove(who) : this.renew()).catch((error: Error) => console.error(`parley: ${error.message}`));
  }

  async variables(values: Record<string, Value>): Promise<void> {
    const id = this.state.conversation?.status === 'active' && this.state.conversation.id;
    if (!id) return; // they go with the start
    try {
      const { ignored } = await this.api.post<{ ignored: string[] }>(`/conversations/${id}/variables`, {
        variables: values,
      });
      if (ignored.length) console.warn(`parley: nobody knows the variables ${ignored.join(', ')}`);
    } catch (error) {
      console.warn(`parley: setVariables: ${(error as Error).message}`);
    }
  }

  /** Shows a conversation; null: none. */
  go(conversation: Conversation | null, created = false): void {
    if (conversation?.id === this.state.conversation?.id) {
      if (conversation) this.#told(conversation);
      return;
    }
    this.#stream.close();
    this.#level = false;
    this.#caughtUp = created; // all of it is new then
    this.set({ conversation, log: logs.empty, typing: '', connected: true, limit: false, notice: null, uploads: [] });
    if (conversation) {
      this.keep.write({ conversation: true });
      if (this.#mounted) this.#stream.open();
    }
    this.host.badge(conversation?.unread ?? 0);
  }

  /** Begins a conversation with what the form says, or continues. */
  start(values?: Record<string, Value>, consents?: Record<string, string>): Promise<Conversation> {
    return (this.#starting ??= this.#request(values, consents).finally(() => (this.#starting = null)));
  }

  async #request(values?: Record<string, Value>, consents?: Record<string, string>): Promise<Conversation> {
    const { identity, variables } = this.host;
    const { conversation, created } = await this.api.post<{ conversation: Conversation; created: boolean }>(
      '/conversations',
      {
        values,
        consents,
        variables,
        name: identity?.name,
        email: identity?.email,
        language: navigator.language,
        page: page(),
      },
    );
    this.go(conversation, created);
    if (created) this.host.emit('started', { conversation_id: conversation.id });
    return conversation;
  }

  /** Puts a message into the outbox and sends what is there. */
  send(content: string): void {
    const attachments = this.state.uploads
      .filter((u) => u.id)
      .map((u) => ({ id: u.id, name: u.name, mime_type: u.file.type, size: u.file.size, image: u.image }));
    this.set({ uploads: this.state.uploads.filter((u) => !u.id && !u.error), notice: null });
    this.outbox.add({ client_id: uuid(), content, attachments, conversation: this.state.conversation?.id ?? '' });
    void this.flush();
  }

  /** Sends what waits, in order, until nothing does. */
  async flush(): Promise<void> {
    this.#wake();
    if (this.#sending) return;
    this.#sending = true;
    for (let n = 0, w = this.outbox.next(); w; w = this.outbox.next()) {
      try {
        await this.#deliver(w);
        n = 0;
      } catch (error) {
        const p = error instanceof Problem ? error : new Problem('network');
        if (p.code === 'unauthorized') {
          await this.renew().catch(() => {});
          w.conversation = '';
          n++;
        } else if (!p.passing) {
          this.outbox.mark(w.client_id, this.reason(p));
          continue;
        }
        if (p.after) this.set({ notice: { key: 'error_rate', fill: { count: p.after } } });
        await Promise.race([
          pause(p.after ? p.after * 1000 : backoff(n++)),
          new Promise<void>((r) => (this.#wake = r)),
        ]);
        if (p.after) this.set({ notice: null });
      }
    }
    this.#sending = false;
  }

  async #deliver(w: Waiting): Promise<void> {
    const id = w.conversation || this.state.conversation?.id || (await this.start()).id;
    const sent = await this.api.post<{ conversation_id: string; message: Message }>(`/conversations/${id}/messages`, {
      client_id: w.client_id,
      content: w.content || undefined,
      attachments: w.attachments.length ? w.attachments.map((a) => a.id) : undefined,
    });
    if (sent.conversation_id === this.state.conversation?.id) {
      this.set({ log: logs.message(this.state.log, { ...sent.message, rev: 0 }) });
    } else {
      this.go(await this.api.get<Conversation>(`/conversations/${sent.conversation_id}`));
      this.onMessage(sent.message);
    }
    this.outbox.remove(w.client_id);
  }

  /** The text for a refusal. */
  reason(p: Problem): string {
    if (p.code === 'conflict' && p.what === 'limit') this.set({ limit: true });
    if (p.code === 'conflict' && p.what === 'hours') this.set({ view: 'leave' });
    const keys: Record<string, string> = {
      limit: 'error_limit',
      hours: 'error_closed',
      identity: 'error_identity',
      attachments: 'error_file_type',
      content: 'error_long',
    };
    return keys[p.what] ?? 'error_send';
  }

  #event(e: SSE): void {
    const data: unknown = JSON.parse(e.data);
    const { log } = this.state;
    switch (e.event) {
      case 'conversation':
        return this.#told(data as Conversation);
      case 'message':
        return this.#take(data as Message);
      case 'turn':
        this.#caughtUp = this.#level = true;
        return this.set({ log: logs.turn(log, data as Parameters<typeof logs.turn>[1]) });
      case 'delta':
        return this.set({ log: logs.delta(log, data as Parameters<typeof logs.delta>[1]), typing: '' });
      case 'typing':
        this.set({ typing: (data as { name: string }).name });
        clearTimeout(this.#typingTimer);
        this.#typingTimer = window.setTimeout(() => this.set({ typing: '' }), typingShown);
        return;
      case 'resync':
        void this.#readAgain();
    }
  }

  #told(c: Conversation): void {
    const was = this.state.conversation;
    const log = { ...this.state.log, rev: Math.max(this.state.log.rev, this.#level ? c.rev : 0) };
    this.set({ conversation: c, log });
    this.host.badge(this.state.open ? 0 : c.unread);
    if (was?.status === 'active' && c.status === 'ended') {
      this.host.emit('ended', { conversation_id: c.id, reason: c.end_reason });
    }
  }

  #take(m: Message): void {
    const known = this.state.log.messages.some((old) => old.id === m.id && old.rev); // no rev: sent, and not heard of yet
    if (m.client_id) this.outbox.remove(m.client_id);
    this.set({ log: logs.message(this.state.log, m), typing: m.role === 'operator' ? '' : this.state.typing });
    if (!known && this.#caughtUp) this.onMessage(m);
  }

  /** Reads all messages anew. */
  async #readAgain(): Promise<void> {
    const id = this.state.conversation?.id;
    try {
      for (let after = 0, more = true; more;) {
        const got = await this.api.get<{ data: Message[]; last_seq: number; rev: number; more: boolean }>(
          `/conversations/${id}/messages?after=${after}`,
        );
        if (this.state.conversation?.id !== id) return;
        this.set({ log: got.data.reduce(logs.message, this.state.log) });
        ({ more, last_seq: after } = got);
      }
    } catch {
      this.#stream.close(); // a new connection says it again
      this.#stream.open();
    }
  }

  #refused(p: Problem): void {
    if (p.code === 'unauthorized') {
      void this.renew().catch(() => window.setTimeout(() => this.#refused(p), backoff(2)));
    } else {
      this.go(null);
      this.keep.write({ conversation: false });
    }
  }

  /** Another tab has changed what is kept. */
  shared(): void {
    const { token, sound = false } = this.keep.read();
    this.set({ outbox: this.outbox.all(), sound });
    if (token && token !== this.api.token) this.api.token = token;
    if (!token && this.api.token) {
      this.go(null);
      this.renew().catch(() => {});
    } else if (!this.state.conversation && this.keep.read().conversation) this.renew().catch(() => {});
  }

  /** The tab is shown or hidden, the network came or went. */
  connect(yes: boolean): void {
    if (!yes) return this.#stream.close();
    if (this.#mounted && this.state.conversation) this.#stream.open();
    void this.flush();
    const { refresh_at } = this.keep.read();
    if (refresh_at && Date.parse(refresh_at) < Date.now()) this.renew().catch(() => {});
  }

  mount(yes: boolean): void {
    this.#mounted = yes;
    this.connect(yes);
  }
}

/** A UUID, also where the page is not a secure context. */
export function uuid(): string {
  const b = crypto.getRandomValues(new Uint8Array(16));
  b[6] = (b[6]! & 0x0f) | 0x40;
  b[8] = (b[8]! & 0x3f) | 0x80;
  const hex = [...b].map((n) => n.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
