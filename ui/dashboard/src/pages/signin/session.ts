import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from 'react-router';
import { api, data } from '@/api/client';
import type { Me } from '@/api/types';
import { meKey } from '@/auth/useMe';

/** Asks the server whether there is a member yet and whether somebody is signed in. */
export function useAuthState() {
  return useQuery({
    queryKey: ['auth-state'],
    queryFn: ({ signal }) => data(api.GET('/api/v1/auth/state', { signal })),
    staleTime: 0,
  });
}

/** Where to go after signing in: a path of this site, never another address. */
export function safeNext(next: string | null): string {
  if (!next || !next.startsWith('/') || next.startsWith('//') || next.startsWith('/\\')) return '/';
  return next;
}

/** The token of a link: `?token=…`, `#token=…`, or the last part of the path. */
export function tokenOf(url: { pathname: string; search: string; hash: string }, base: string): string {
  const named = new URLSearchParams(url.search).get('token') ?? new URLSearchParams(url.hash.slice(1)).get('token');
  if (named) return named;
  const rest = url.pathname.slice(base.length).replace(/^\/+|\/+$/g, '');
  return rest === 'link' ? '' : decodeURIComponent(rest.replace(/^link\//, ''));
}

/** Forgets what an earlier session read and goes on as the member. */
export function useEnter() {
  const client = useQueryClient();
  const navigate = useNavigate();
  return (me: Me, to: string) => {
    client.clear();
    client.setQueryData(meKey, me);
    void navigate(to, { replace: true });
  };
}
