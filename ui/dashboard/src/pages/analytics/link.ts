// A conversation has several of these, and the list takes one.
const several = ['passage', 'tool', 'model', 'call'];
const fold = (value: string | null) => (value ?? '').trim().toLowerCase();

/**
 * The address of the list that shows what a number is about; '' where there is
 * none. Filters are given from the widest to the narrowest, as the API does: a later
 * one takes the place of an earlier one of the same name. Where both must hold, and
 * the list cannot ask for both, it would show more than the number says.
 */
export function listLink(...filters: string[]): string {
  const all = new URLSearchParams();
  for (const filter of filters) {
    const part = new URLSearchParams(filter);
    for (const name of new Set(part.keys())) {
      const [wide, narrow] = [all.get(name), part.get(name)];
      if (wide !== null && narrow !== null && wide !== narrow) {
        if (wide === 'true' || wide === 'false') return '';
        if (several.includes(name) && fold(wide) !== fold(narrow)) return '';
        if (name === 'first_reply_from') part.set(name, String(Math.max(Number(wide), Number(narrow))));
        if (name === 'first_reply_to') part.set(name, String(Math.min(Number(wide), Number(narrow))));
      }
      all.delete(name);
    }
    for (const [name, value] of part) all.append(name, value);
  }
  return `/conversations?${all.toString()}`;
}
