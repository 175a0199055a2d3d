import type { Visit } from '../core/visit';
import { Chat } from './Chat';
import { Header } from './Header';
import { History } from './History';
import { Leave } from './Leave';
import { PreChat } from './PreChat';
import { focusOn, useFocusKept } from './focus';
import { textOf, useVisit } from './use';

const plain = (html: string) => new DOMParser().parseFromString(html, 'text/html').body.textContent;

/** The dialog beside the launcher. It traps no focus: the page stays usable. */
export function Panel({ visit }: { visit: Visit }) {
  const state = useVisit(visit);
  const { config, conversation, said } = state;
  const { mode } = visit.host.config;
  const launcher = config?.launcher ?? visit.host.config.launcher;
  const t = config && textOf(config);
  const form = config?.form && !conversation && (config.identity !== 'required' || state.verified);

  useFocusKept(visit.host.root, () => focusOn(visit.host.root));
  const keys = (e: KeyboardEvent) => {
    if (e.key === 'Escape' && mode !== 'page' && !e.isComposing) visit.host.open(false);
  };

  const view = () => {
    if (!config || !t) return <p class="spinner" role="progressbar" aria-label={visit.host.config.open_label} />;
    if (state.view === 'history') return <History {...{ visit, state, config, t }} />;
    if (state.view === 'leave' || state.view === 'left') return <Leave {...{ visit, state, config, t }} />;
    if (form) return <PreChat {...{ visit, state, config, t }} />;
    return <Chat {...{ visit, state, config, t }} />;
  };

  return (
    <div
      class={`panel ${mode === 'page' ? 'page' : launcher.position.replace('_', ' ')} ${config?.size ?? 'standard'}`}
      role="dialog"
      aria-label={t?.('title') || visit.host.config.open_label}
      tabIndex={-1}
      lang={config?.language}
      dir={(config ?? visit.host.config).rtl ? 'rtl' : 'ltr'}
      hidden={!state.open}
      onKeyDown={keys}
    >
      <Header {...{ visit, state, config, t }} />
      {state.blocked ? <p class="center-note">{t?.('error_unavailable') ?? '⚠'}</p> : view()}
      <div class="sr" role="status">
        {said?.html && <p key={said.id}>{plain(said.html)}</p>}
      </div>
    </div>
  );
}
