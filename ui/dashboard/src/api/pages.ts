interface Page<T> {
  data: T[];
  next_cursor: string | null;
}

/** The most that one request is given. */
export const pageLimit = 100;
// So many pages are read: a choice of ten thousand is none any more.
const most = 100;

/** A whole list, read a page at a time: for what is chosen from. */
export async function allPages<T>(read: (cursor: string | undefined) => Promise<Page<T>>): Promise<T[]> {
  const all: T[] = [];
  let cursor: string | undefined;
  for (let i = 0; i < most; i++) {
    const page = await read(cursor);
    all.push(...page.data);
    if (page.next_cursor === null) break;
    cursor = page.next_cursor;
  }
  return all;
}
