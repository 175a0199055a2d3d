import type { Colors, Launcher } from '../protocol';

const paths: Record<string, string> = {
  chat: 'M4 4h16v12H9l-5 4z',
  message: 'M3 6h18v12H3zm0 0 9 7 9-7',
  help: 'M9 9a3 3 0 1 1 4 2.8c-.7.3-1 .9-1 1.7v.5m0 3v.1M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20z',
  spark: 'M12 3l2 7 7 2-7 2-2 7-2-7-7-2 7-2z',
};

/** Makes an element of the launcher. */
function make<K extends keyof HTMLElementTagNameMap>(tag: K, name: string, text = ''): HTMLElementTagNameMap[K] {
  const e = document.createElement(tag);
  e.className = name;
  e.textContent = text;
  return e;
}

function icon(name: string): Element {
  const path = paths[name];
  if (!path) return make('span', 'emoji', name);
  const ns = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(ns, 'svg');
  const line = document.createElementNS(ns, 'path');
  svg.setAttribute('viewBox', '0 0 24 24');
  line.setAttribute('d', path);
  svg.append(line);
  return svg;
}

/** Draws the button that opens the chat. */
export function draw(button: HTMLButtonElement, l: Launcher, label: string, unread: number): void {
  button.className = `launcher ${l.position.replace('_', ' ')}`;
  button.setAttribute('aria-label', [label, l.text, unread || ''].filter(Boolean).join(': '));
  let face = icon(l.icon);
  if (l.avatar.startsWith('data:')) {
    const img = make('img', '');
    img.src = l.avatar;
    img.alt = '';
    face = img;
  } else if (l.avatar) face = make('span', 'emoji', l.avatar);
  face.setAttribute('aria-hidden', 'true');
  button.replaceChildren(face);
  if (l.text) button.append(make('span', '', l.text));
  if (unread) button.append(make('span', 'badge', unread > 99 ? '99+' : `${unread}`));
}

/** The colours as custom properties of the host. */
export function colours(l: Launcher): string {
  const of = (c: Colors, scheme: string) =>
    `:host{--accent:${c.accent};--on-accent:${c.on_accent};--background:${c.background};--text:${c.text};color-scheme:${scheme} !important}`;
  if (l.theme !== 'auto') return of(l[l.theme], l.theme);
  return `${of(l.light, 'light')}@media (prefers-color-scheme:dark){${of(l.dark, 'dark')}}`;
}
