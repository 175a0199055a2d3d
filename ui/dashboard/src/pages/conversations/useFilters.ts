import { useCallback, useMemo } from 'react';
import { useNavigate, useParams, useSearchParams } from 'react-router';
import { type Filters, noFilters, readFilters, writeFilters } from './filters';

/** The filters of the URL, how to change them, and links that keep them. */
export function useFilters() {
  const [params] = useSearchParams();
  const { id = '' } = useParams();
  const navigate = useNavigate();
  const search = params.toString();
  const filters = useMemo(() => readFilters(new URLSearchParams(search)), [search]);
  const query = useMemo(() => writeFilters(filters).toString(), [filters]);

  const go = useCallback(
    (conversation: string, next: Filters, replace = false) => {
      const to = writeFilters(next).toString();
      void navigate(`/conversations${conversation ? `/${conversation}` : ''}${to ? `?${to}` : ''}`, {
        replace,
        // What is ticked or chosen shows at once, however busy the page is.
        flushSync: true,
      });
    },
    [navigate],
  );
  const change = useCallback((part: Partial<Filters>) => go(id, { ...filters, ...part }, true), [go, id, filters]);
  const clear = useCallback(() => go(id, { ...noFilters, sort: filters.sort }, true), [go, id, filters.sort]);
  const linkTo = useCallback(
    (conversation: string) => `/conversations/${conversation}${query ? `?${query}` : ''}`,
    [query],
  );
  const open = useCallback(
    (conversation: string, replace = false) => go(conversation, filters, replace),
    [go, filters],
  );
  return { id, filters, change, clear, linkTo, open };
}
