import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { ApiError } from '@/api/error';
import { meKey } from '@/auth/useMe';
import { notifyError } from '@/parts/notify';

// A request that the server understood and refused is not tried again; one
// that got lost, or that met a server in trouble, is.
function worthAnotherTry(failures: number, error: unknown): boolean {
  if (error instanceof ApiError && error.status > 0 && error.status < 500) return false;
  return failures < 2;
}

export function makeQueryClient(): QueryClient {
  // An expired session shows in any answer; asking /me again sends the person
  // to the sign-in page and back.
  const onUnauthorized = (error: unknown) => {
    if (error instanceof ApiError && error.code === 'unauthorized') {
      void client.invalidateQueries({ queryKey: meKey });
    }
  };
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({
      onError: (error, query) => {
        if (query.queryKey[0] !== meKey[0]) onUnauthorized(error);
      },
    }),
    mutationCache: new MutationCache({
      onError: (error, _variables, _context, mutation) => {
        onUnauthorized(error);
        if (!mutation.options.onError && !mutation.meta?.quiet) notifyError(error);
      },
    }),
    defaultOptions: {
      queries: { retry: worthAnotherTry, staleTime: 15_000, refetchOnWindowFocus: true },
      mutations: { retry: false },
    },
  });
  return client;
}
