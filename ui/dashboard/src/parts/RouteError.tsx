import { useRouteError } from 'react-router';
import { ErrorState } from './ErrorState';

/** What a page shows when it broke, or when its code could not be loaded. */
export function RouteError() {
  return <ErrorState error={useRouteError()} onRetry={() => window.location.reload()} />;
}
