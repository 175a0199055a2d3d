// The chat, brought in when it is opened: the panel in the loader's shadow root.
import { render } from 'preact';
import type { Chat, Config, Conversation, Host } from '../protocol';
import { Visit } from './core/visit';
import css from './chat.css';
import { Panel } from './parts/Panel';
import { focusOn } from './parts/focus';
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
    if (m.role !== 'user' && visit.state.open) visit.set({ said: m });
    if (m.role === 'user' || m.role === 'assistant' || m.role === 'operator') {
      const { id, role, content } = m;
      host.emit('message', { conversation_id: visit.state.conversation?.id, id, role, content });
      if (role !== 'user' && visit.state.sound && (!visit.state.open || document.hidden)) ping();
    }
  };

  if (visit.preview) preview(visit);
  void visit.begin();
  draw();
  return {
    opened(focus) {
      visit.keep.write({ open: true });
      visit.set({ open: true });
      host.badge(0);
      if (!focus) return;
      focusOn(host.root);
      // The field comes with the settings; who has moved on meanwhile stays there.
      void visit.begin().then(() => host.root.activeElement?.matches('[role=dialog]') && focusOn(host.root));
    },
    closed() {
      visit.keep.write({ open: false });
      visit.set({ open: false, said: null });
    },
    variables: (values) => void visit.variables(values),
    identify: (who) => void visit.identify(who),
    mounted: (yes) => visit.mount(yes),
  };
}

type Shown = { parley?: string; token: string; config: Config; open: boolean };

/** Lets the dashboard show its settings, and whether the panel is open. */
function preview(visit: Visit): void {
  const { api, host } = visit;
  let open: boolean | undefined;
  addEventListener('message', ({ origin, source, data }: MessageEvent<Shown | null>) => {
    if (origin !== location.origin || source !== parent || data?.parley !== 'preview') return;
    const first = !api.token;
    api.token = data.token;
    visit.configure(data.config);
    host.show(data.config.launcher);
    // What the member opened or closed in the frame stays so.
    if (data.open !== open) host.open((open = data.open), false);
    if (first) {
      void api
        .get<{ data: Conversation[] }>('/conversations')
        .then(({ data: all }) => visit.go(all.find((c) => c.status === 'active') ?? null))
        .catch(() => {});
    }
  });
  parent.postMessage({ parley: 'ready' }, location.origin);
}
