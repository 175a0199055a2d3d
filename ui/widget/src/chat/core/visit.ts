import type { Keep } from '../../keep';
import type { Config, Conversation, Host, Identity, Message, Session, Value } from '../../protocol';
import { API, Problem } from './api';
import { Delivery } from './delivery';
import { Hearing } from './hearing';
import * as logs from './log';
import { Outbox, type Waiting } from './outbox';
import { Store } from './state';
import { Stream, rest } from './stream';
import { uuid } from './uuid';

const page = () => location.origin + location.pathname;

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
  #hearing = new Hearing(this);
  readonly delivery = new Delivery(this);
  #mounted = true;
  #proved: Identity | null = null; // on this page

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
      event: (e) => this.#hearing.event(e),
      connected: (connected) => {
        this.#hearing.connected(connected);
        this.set(connected ? { connected } : { connected, log: logs.broken(this.state.log) });
        if (connected) void this.delivery.flush();
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
        const [config] = await Promise.all([this.#settings(), this.renew()]);
        this.configure(config);
        void this.delivery.flush();
        return;
      } catch (error) {
        if (error instanceof Problem && !error.passing) {
          console.error(`parley: ${error.message}`);
          this.set({ blocked: true });
          return;
        }
        await rest(error as Problem, n);
      }
    }
  }

  #settings(): Promise<Config> {
    return this.api.get<Config>(`/config?lang=${encodeURIComponent(navigator.languages.join())}`);
  }

  configure(config: Config): void {
    const closed = config.hours.closed && !config.hours.assistant_answers;
    const { conversation, view } = this.state;
    this.set({ config, view: closed && !conversation ? 'leave' : !closed && view === 'leave' ? 'chat' : view });
  }

  /** Asks for the settings again: an hour may have come, or the form of another. */
  async refresh(): Promise<void> {
    if (this.state.config && !this.preview) this.configure(await this.#settings());
  }

  /** Gets a token: for whom the page names, else for the visitor that the one at hand stands for. */
  async renew(): Promise<void> {
    const { token = '', user } = this.keep.read();
    const who = this.host.identity;
    const unproved = who !== this.#proved;
    this.api.token = unproved && user ? '' : token; // it may be of another
    let session = await this.api.post<Session>('/visitor', {});
    if (who && (unproved || !session.verified)) {
      this.api.token = session.token;
      try {
        session = await this.api.post<Session>('/identify', who);
      } catch (error) {
        if (error instanceof Problem && error.passing) throw error;
        console.error(`parley: identify: ${(error as Error).message}`);
      }
    }
    this.#proved = who;
    this.#accept(session);
  }

  #accept({ token, refresh_at, verified, user, conversation }: Session): void {
    const was = this.keep.read().user;
    if (was && was !== user?.id) this.#forget();
    this.api.token = token;
    this.keep.write({ token, refresh_at, user: user?.id, conversation: !!conversation });
    this.set({ verified });
    this.go(conversation);
  }

  /** Forgets who the visitor was, with what was shown. */
  #forget(): void {
    const { open, sound } = this.keep.read();
    this.keep.clear();
    this.keep.write({ open, sound });
    this.go(null);
    this.set({ outbox: [], uploads: [], view: 'chat', verified: false });
  }

  async identify(who: Identity | null): Promise<void> {
    await this.begin();
    if (!who && !this.state.verified) return; // nobody is signed in
    if (!who) this.#forget();
    await this.#renewed();
  }

  /** Gets a token, however long that takes. */
  async #renewed(): Promise<void> {
    for (let n = 0; ; n++) {
      try {
        return await this.renew();
      } catch (error) {
        if (!(error instanceof Problem && error.passing)) return console.error(error);
        await rest(error, n);
      }
    }
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
      if (conversation) this.#hearing.told(conversation);
      return;
    }
    this.#stream.close();
    this.#hearing.begin(created);
    const none = this.state.conversation && { notice: null, uploads: [] }; // those that began one stay
    this.set({ conversation, log: logs.empty, typing: '', connected: true, limit: false, ...none });
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
    void this.delivery.flush();
  }

  /** Connects anew. */
  reconnect(): void {
    this.#stream.close();
    this.#stream.open();
  }

  #refused(p: Problem): void {
    if (p.code === 'unauthorized') {
      void this.#renewed();
    } else {
      this.go(null);
      this.keep.write({ conversation: false });
    }
  }

  /** Another tab has changed what is kept. */
  shared(): void {
    const { token, sound = false, conversation } = this.keep.read();
    this.set({ outbox: this.outbox.all(), sound });
    if (token) this.api.token = token;
    else if (this.api.token) this.go(null);
    if (this.api.token && (!token || (conversation && !this.state.conversation))) void this.#renewed();
  }

  /** The tab is shown or hidden, the network came or went. */
  connect(yes: boolean): void {
    if (!yes) return this.#stream.close();
    this.set({}); // what came while the tab was hidden is read now
    if (this.#mounted && this.state.conversation) this.#stream.open();
    void this.delivery.flush();
    this.refresh().catch(() => {});
    const { refresh_at } = this.keep.read();
    if (refresh_at && Date.parse(refresh_at) < Date.now()) void this.#renewed();
  }

  mount(yes: boolean): void {
    this.#mounted = yes;
    this.connect(yes);
  }
}
