import { useLayoutEffect, useState } from 'preact/hooks';
import type { Config } from '../../protocol';
import type { State, Store } from '../core/state';

export type Text = (key: string, fill?: Record<string, string | number>) => string;

/** The state of the visit, drawn anew when it changes. */
export function useVisit(store: Store): State {
  const [state, set] = useState(store.state);
  // Not after the first painting: what is set meanwhile, such as that the panel
  // is open, would be drawn too late for the keyboard to be put there.
  useLayoutEffect(() => {
    set(store.state);
    return store.watch(() => set(store.state));
  }, [store]);
  return state;
}

/** The widget's texts, with their gaps filled. */
export function textOf(config: Config): Text {
  return (key, fill = {}) =>
    (config.texts[key] ?? '').replace(/\{(\w+)\}/g, (all, name: string) => `${fill[name] ?? all}`);
}
