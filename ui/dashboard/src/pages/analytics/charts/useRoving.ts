import { type KeyboardEvent, useRef, useState } from 'react';

interface Options {
  count: number;
  /** Marks in a row of a grid; arrows up and down move by it. */
  columns?: number;
}

/**
 * Lets the marks of a chart be one stop of the Tab key: arrows move among them.
 * Each mark is a link with data-mark.
 */
export function useRoving<T extends Element>({ count, columns }: Options) {
  const box = useRef<T>(null);
  const [at, setAt] = useState(0);
  const current = Math.min(at, Math.max(0, count - 1));
  const onKeyDown = (event: KeyboardEvent) => {
    const down = columns ?? 1;
    const moves: Record<string, number> = {
      ArrowRight: 1,
      ArrowLeft: -1,
      ArrowDown: down,
      ArrowUp: -down,
      Home: -current,
      End: count - 1 - current,
    };
    const by = moves[event.key];
    if (by === undefined) return;
    event.preventDefault();
    const next = Math.min(Math.max(current + by, 0), count - 1);
    setAt(next);
    box.current?.querySelector<HTMLElement | SVGElement>(`[data-mark="${next}"]`)?.focus();
  };
  const mark = (i: number) => ({
    'data-mark': i,
    tabIndex: i === current ? 0 : -1,
    onFocus: () => setAt(i),
  });
  return { box, onKeyDown, mark };
}
