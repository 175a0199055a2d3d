// The script of the snippet. It draws the launcher and brings in the chat when
// that is opened; before, it asks for nothing and stores nothing.
import { Keep } from '../keep';
import type { Chat, Host, Identity, LoaderConfig, Value } from '../protocol';
import { colours, draw } from './launcher';
import css from './launcher.css';

declare const parleyConfig: LoaderConfig;

type Listener = (detail: unknown) => void;

function load(config: LoaderConfig): void {
  const site = config.mode === 'site';
  const keep = new Keep(config.widget, config.mode !== 'preview');
  const listeners = new Map<string, Set<Listener>>();
  const element = document.createElement('parley-widget');
  const root = element.attachShadow({ mode: 'open' });
  const button = document.createElement('button');
  const sheet = new CSSStyleSheet();
  const theme = new CSSStyleSheet();
  let chat: Promise<Chat> | null = null;
  let open = false;
  let unread = 0;
  let mounted = false;
  let { launcher } = config;

  const redraw = () => {
    theme.replaceSync(colours(launcher));
    draw(button, launcher, config.open_label, unread);
    button.hidden = open || config.mode === 'page';
    button.setAttribute('aria-expanded', `${open}`);
  };

  const host: Host = {
    config,
    root,
    keep,
    api: new URL(config.api, import.meta.url).href,
    variables: {},
    identity: null,
    emit(event, detail) {
      for (const listener of listeners.get(event) ?? []) {
        try {
          listener(detail);
        } catch (error) {
          console.error(error);
        }
      }
    },
    show(next) {
      launcher = next;
      redraw();
    },
    badge(count) {
      if (count !== unread) {
        unread = count;
        redraw();
      }
    },
    open: setOpen,
  };

  const bring = () =>
    (chat ??= import(new URL(config.chat, import.meta.url).href)
      .then((m: { start(host: Host): Chat }) => m.start(host))
      .catch((error: unknown) => {
        chat = null; // tried again at the next click
        setOpen(false);
        throw error;
      }));

  const tell = (what: (chat: Chat) => void) => chat?.then(what, () => {});

  function setOpen(yes: boolean, focus = true): void {
    if (yes === open) return;
    open = yes;
    if (yes) {
      bring().then(
        (c) => {
          redraw(); // until now the button was all that could be seen
          if (open) c.opened(focus);
        },
        (error: unknown) => console.error('parley: the chat could not be loaded', error),
      );
    } else {
      redraw();
      tell((c) => c.closed());
      if (focus && element.isConnected) button.focus({ preventScroll: true });
    }
    host.emit(yes ? 'open' : 'close');
  }

  const mount = () => {
    mounted = true;
    if (element.isConnected) return;
    document.body?.append(element);
    tell((c) => c.mounted(true));
  };

  const calls: Record<string, (...args: never[]) => unknown> = {
    __proto__: null as never, // no page calls what every object has
    open: () => setOpen(true),
    close: () => setOpen(false),
    toggle: () => setOpen(!open),
    mount,
    unmount() {
      mounted = false;
      element.remove();
      tell((c) => c.mounted(false));
    },
    setVariables(values: Record<string, Value>) {
      Object.assign(host.variables, values);
      tell((c) => c.variables(values));
    },
    identify(who: Identity | null) {
      host.identity = who;
      if (!who && !chat && keep.read().user) keep.clear();
      tell((c) => c.identify(who));
    },
    on(event: string, listener: Listener) {
      const all = listeners.get(event) ?? new Set();
      listeners.set(event, all.add(listener));
      return () => all.delete(listener);
    },
  };

  const call = (name: string, ...args: unknown[]) => {
    const fn = calls[name];
    if (!fn) return console.warn(`parley: there is no call ${name}`);
    return fn(...(args as never[]));
  };

  sheet.replaceSync(css);
  root.adoptedStyleSheets = [sheet, theme];
  button.type = 'button';
  button.setAttribute('aria-haspopup', 'dialog');
  button.addEventListener('click', () => setOpen(true));
  element.dir = config.rtl ? 'rtl' : 'ltr';
  element.lang = config.language;
  root.append(button);
  redraw();

  const earlier = (window.parley as { q?: unknown[][] } | undefined)?.q ?? [];
  window.parley = call as typeof window.parley;
  const begin = () => {
    mount();
    // Some sites go to their next page by another body.
    new MutationObserver(() => mounted && mount()).observe(document.documentElement, { childList: true });
    for (const [name, ...args] of earlier) call(`${name}`, ...args);
    const kept = keep.read();
    if (!site || kept.open) setOpen(true, !site);
    else if (kept.conversation) void bring().catch(() => {});
    else if (launcher.auto_open.enabled && kept.open === undefined) {
      // Not if the visitor was there meanwhile.
      setTimeout(() => keep.read().open ?? setOpen(true, false), launcher.auto_open.after_seconds * 1000);
    }
  };
  if (document.body) begin();
  else document.addEventListener('DOMContentLoaded', begin);
}

// A page may hold the snippet twice.
if (!(window as { parleyLoaded?: boolean }).parleyLoaded) {
  Object.defineProperty(window, 'parleyLoaded', { value: true });
  load(parleyConfig);
}
