import type { ReactNode } from 'react';
import { Navigate, useLocation } from 'react-router';
import { ApiError } from '@/api/error';
import { ErrorState } from '@/parts/ErrorState';
import { PageLoading } from '@/parts/PageLoading';
import { useMe } from './useMe';

/** Shows its children to a person who is signed in and sends anybody else to the sign-in page and back. */
export function RequireAuth({ children }: { children: ReactNode }) {
  const me = useMe();
  const location = useLocation();
  const signedOut = me.error instanceof ApiError && me.error.code === 'unauthorized';
  if (signedOut) {
    const next = location.pathname + location.search;
    const to = next === '/' ? '/signin' : `/signin?next=${encodeURIComponent(next)}`;
    return <Navigate to={to} replace />;
  }
  if (me.data) return children;
  if (me.error) return <ErrorState error={me.error} onRetry={() => void me.refetch()} fullPage />;
  return <PageLoading />;
}
