// The chat, brought in when it is opened: the panel in the loader's shadow root.
import { render } from 'preact';
import type { Chat, Config, Host } from '../protocol';
import { Visit } from './core/visit';
import css from './chat.css';
import { Panel } from './parts/Panel';
import { ping } from './parts/sound';

/** Draws the chat. The loader calls it once. */
export function start(host: Host): Chat {
  const visit = new Visit(host);
  const place = document.createElement('div');
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  host.root.adoptedStyleSheets = [...host.root.adoptedStyleSheets, sheet];
  host.root.append(place);

  const draw = () => render(<Panel visit={visit} />, place);
  const listen = [
    ['online', () => (visit.set({ online: true }), visit.connect(true))],
    ['offline', () => visit.set({ online: false })],
    ['pageshow', () => visit.connect(true)],
    ['storage', (e: Event) => (e as StorageEvent).key === visit.keep.key && visit.shared()],
  ] as const;
  for (const [name, fn] of listen) addEventListener(name, fn);

  let away = 0;
  document.addEventListener('visibilitychange', () => {
    clearTimeout(away);
    if (!document.hidden) visit.connect(true);
    else away = window.setTimeout(() => visit.connect(false), 60_000);
  });

  visit.onMessage = (m) => {
    if (m.role !== 'user' && m.content) visit.set({ said: m.content });
    if (m.role === 'user' || m.role === 'assistant' || m.role === 'operator') {
      const { id, role, content } = m;
      host.emit('message', { conversation_id: visit.state.conversation?.id, id, role, content });
      if (role !== 'user' && visit.state.sound && (!visit.state.open || document.hidden)) ping();
    }
  };

  if (visit.preview) {
    addEventListener(
      'message',
      (e: MessageEvent<{ parley?: string; token: string; config: Config; open: boolean } | null>) => {
        if (e.origin !== location.origin || e.source !== parent || e.data?.parley !== 'preview') return;
        const first = !visit.api.token;
        visit.api.token = e.data.token;
        visit.configure(e.data.config);
        host.show(e.data.config.launcher);
        if (first) {
          void visit.api
            .get<{ data: { status: string }[] }>('/conversations')
            .then(({ data }) => visit.go((data.find((c) => c.status === 'active') ?? null) as never))
            .catch(() => {});
        }
      },
    );
    parent.postMessage({ parley: 'ready' }, location.origin);
  }

  void visit.begin();
  draw();
  return {
    opened(focus) {
      visit.keep.write({ open: true });
      visit.set({ open: true });
      host.badge(0);
      if (focus) requestAnimationFrame(() => focusOn(place));
    },
    closed() {
      visit.keep.write({ open: false });
      visit.set({ open: false });
    },
    variables: (values) => void visit.variables(values),
    identify: (who) => void visit.identify(who),
    mounted: (yes) => visit.mount(yes),
  };
}

/** Where the keyboard goes: to the first field, or to the panel where a screen keyboard would cover it. */
function focusOn(place: HTMLElement): void {
  const coarse = matchMedia('(pointer: coarse)').matches;
  const first = !coarse && place.querySelector<HTMLElement>('main input, main select, main textarea, textarea');
  (first || place.querySelector<HTMLElement>('[role=dialog]'))?.focus({ preventScroll: true });
}
