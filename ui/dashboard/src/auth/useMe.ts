import { useQuery, useQueryClient } from '@tanstack/react-query';
import { api } from '@/api/client';
import type { Me, Permission } from '@/api/types';

export const meKey = ['me'] as const;

/** Who is signed in. Inside RequireAuth `data` is always there. */
export function useMe() {
  return useQuery({
    queryKey: meKey,
    queryFn: ({ signal }) => api.get<Me>('/api/v1/me', { signal }),
    staleTime: 60_000,
  });
}

/** Whether the person who is signed in may do something. */
export function useCan(permission: Permission): boolean {
  const { data } = useMe();
  return data?.permissions.includes(permission) ?? false;
}

/** Signs out and forgets everything that was read. */
export function useSignOut() {
  const client = useQueryClient();
  return async () => {
    await api.post('/api/v1/auth/signout');
    client.clear();
    window.location.assign('/signin');
  };
}
