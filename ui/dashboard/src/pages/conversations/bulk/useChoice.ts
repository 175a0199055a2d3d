import { useCallback, useEffect, useRef, useState } from 'react';
import type { Filters } from '../filters';
import { chooseOne, chooseRange } from './choose';

/** Which conversations are chosen, to do something to all of them. */
export interface Choice {
  /** Whether somebody is choosing. */
  on: boolean;
  /** How many are chosen, of those that the list has shown. */
  ids: string[];
  /** Whether all that the filter shows are meant, shown or not. */
  whole: boolean;
  has: (id: string) => boolean;
  toggle: (id: string, range: boolean) => void;
  setWhole: (whole: boolean) => void;
  begin: () => void;
  end: () => void;
}

const nothing: ReadonlySet<string> = new Set();

export function useChoice(shown: string[], filters: Filters): Choice {
  const [on, setOn] = useState(false);
  const [whole, setWhole] = useState(false);
  const [chosen, setChosen] = useState(nothing);
  const last = useRef<string>(undefined);
  const rows = useRef(shown);
  useEffect(() => {
    rows.current = shown;
  });
  // What was chosen is not to be seen under another filter.
  const under = JSON.stringify(filters);
  const [before, setBefore] = useState(under);
  if (before !== under) {
    setBefore(under);
    setChosen(nothing);
    setWhole(false);
  }
  const toggle = useCallback((id: string, range: boolean) => {
    const from = last.current;
    setOn(true);
    setWhole(false);
    setChosen((c) => (range && from ? chooseRange(c, rows.current, from, id) : chooseOne(c, id)));
    last.current = id;
  }, []);
  return {
    on,
    whole,
    ids: [...chosen],
    has: (id) => whole || chosen.has(id),
    toggle,
    setWhole: (all) => {
      setWhole(all);
      setChosen(nothing);
    },
    begin: () => setOn(true),
    end: () => {
      setOn(false);
      setWhole(false);
      setChosen(nothing);
    },
  };
}
