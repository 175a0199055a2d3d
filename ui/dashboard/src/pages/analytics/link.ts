/**
 * The address of the list that shows what a number is about. Filters are given
 * from the widest to the narrowest, as the API does: a later one takes the place
 * of an earlier one of the same name.
 */
export function listLink(...filters: string[]): string {
  const all = new URLSearchParams();
  for (const filter of filters) {
    const part = new URLSearchParams(filter);
    for (const name of new Set(part.keys())) all.delete(name);
    for (const [name, value] of part) all.append(name, value);
  }
  return `/conversations?${all.toString()}`;
}
