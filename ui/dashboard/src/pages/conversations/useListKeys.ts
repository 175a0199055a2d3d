import { type RefObject, useEffect, useRef } from 'react';

interface Keys {
  ids: string[];
  selected: string;
  open: (id: string) => void;
  close: () => void;
  choose: (id: string, range: boolean) => void;
  scroller: RefObject<HTMLElement | null>;
  searchInput: RefObject<HTMLInputElement | null>;
}

export const inField = (target: EventTarget | null) =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

// A menu, a dialog or a popover has the keyboard while it is open.
export const inOverlay = (target: EventTarget | null) =>
  target instanceof HTMLElement &&
  target.closest('[role=dialog],[role=alertdialog],[role=menu],[role=listbox]') !== null;

const rowOf = (scroller: HTMLElement | null, id: string) =>
  scroller?.querySelector<HTMLElement>(`[data-row="${CSS.escape(id)}"]`) ?? null;

/**
 * The keyboard of the list: j/k and arrows move, Enter opens, Esc closes, `x`
 * chooses, `/` searches. Beside an open conversation moving opens the next one at once.
 */
export function useListKeys(keys: Keys) {
  const latest = useRef(keys);
  useEffect(() => {
    latest.current = keys;
  });
  useEffect(() => {
    const move = (step: number) => {
      const { ids, selected, open, scroller } = latest.current;
      const focused = (document.activeElement as HTMLElement | null)?.dataset.row;
      const from = ids.indexOf(focused ?? selected);
      const id = ids[from < 0 ? 0 : Math.min(ids.length - 1, Math.max(0, from + step))];
      if (!id) return;
      const row = rowOf(scroller.current, id);
      row?.focus({ preventScroll: true });
      row?.scrollIntoView({ block: 'nearest' });
      if (selected && id !== selected) open(id);
    };
    const onKey = (event: KeyboardEvent) => {
      if (event.metaKey || event.ctrlKey || event.altKey || event.defaultPrevented) return;
      if (inField(event.target) || inOverlay(event.target)) return;
      const { close, selected, searchInput, scroller } = latest.current;
      const arrows = event.target === document.body || scroller.current?.contains(event.target as Node);
      if (event.key === 'j' || (event.key === 'ArrowDown' && arrows)) move(1);
      else if (event.key === 'k' || (event.key === 'ArrowUp' && arrows)) move(-1);
      else if (event.key === 'x') {
        const id = (document.activeElement as HTMLElement | null)?.dataset.row ?? selected;
        if (!id) return;
        latest.current.choose(id, false);
      } else if (event.key === '/') searchInput.current?.focus();
      else if (event.key === 'Escape' && selected) {
        close();
        requestAnimationFrame(() => rowOf(latest.current.scroller.current, selected)?.focus());
      } else return;
      event.preventDefault();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}
