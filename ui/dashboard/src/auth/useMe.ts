import { useQuery, useQueryClient } from '@tanstack/react-query';
import { api, data } from '@/api/client';
import type { Permission } from '@/api/types';

export const meKey = ['me'] as const;

/** Who is signed in. Inside RequireAuth `data` is always there. */
export function useMe() {
  return useQuery({
    queryKey: meKey,
    queryFn: ({ signal }) => data(api.GET('/api/v1/me', { signal })),
    staleTime: 60_000,
  });
}

/** Whether the person who is signed in may do something. */
export function useCan(permission: Permission): boolean {
  const me = useMe();
  return me.data?.permissions.includes(permission) ?? false;
}

/** Signs out and forgets everything that was read. */
export function useSignOut() {
  const client = useQueryClient();
  return async () => {
    await api.POST('/api/v1/auth/signout');
    client.clear();
    window.location.assign('/signin');
  };
}
