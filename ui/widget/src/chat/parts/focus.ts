import { useLayoutEffect } from 'preact/hooks';

/**
 * Puts the keyboard where one goes on once that is drawn: into the first field, or on the panel where a screen keyboard
 * would cover it.
 */
export function focusOn(root: ShadowRoot): void {
  requestAnimationFrame(() => {
    const coarse = matchMedia('(pointer: coarse)').matches;
    const first = !coarse && root.querySelector<HTMLElement>('main input, main select, main textarea, textarea');
    (first || root.querySelector<HTMLElement>('[role=dialog]'))?.focus({ preventScroll: true });
  });
}

/** Finds a new place for the keyboard where what had it is not drawn any more. */
export function useFocusKept(root: ShadowRoot, find: () => void): void {
  const had = root.activeElement;
  useLayoutEffect(() => {
    if (had && !had.isConnected && !root.activeElement) find();
  });
}
