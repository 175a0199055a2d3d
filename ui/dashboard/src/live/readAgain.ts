import type { QueryClient, QueryKey } from '@tanstack/react-query';

/**
 * Reads again what a query shows, because it has changed. While its first answer is on its way, it waits for that
 * one: to invalidate a query that has no data yet does nothing, though the answer may come from before the change.
 */
export async function readAgain(client: QueryClient, queryKey: QueryKey) {
  const query = client.getQueryCache().find({ queryKey });
  if (query?.state.data === undefined) await query?.promise?.catch(() => undefined);
  await client.invalidateQueries({ queryKey });
}
