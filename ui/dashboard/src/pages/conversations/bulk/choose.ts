type Chosen = ReadonlySet<string>;

/** Chooses one more, or one less. */
export function chooseOne(chosen: Chosen, id: string): Chosen {
  const next = new Set(chosen);
  if (!next.delete(id)) next.add(id);
  return next;
}

/** Chooses all from one to another, as they stand in the list. */
export function chooseRange(chosen: Chosen, shown: readonly string[], from: string, to: string): Chosen {
  const [a, b] = [shown.indexOf(from), shown.indexOf(to)];
  if (a < 0 || b < 0) return chooseOne(chosen, to);
  return new Set([...chosen, ...shown.slice(Math.min(a, b), Math.max(a, b) + 1)]);
}
