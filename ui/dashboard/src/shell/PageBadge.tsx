import { useAlerts } from '@/pages/alerts/queries';
import { useTiles } from '@/pages/conversations/useTiles';
import { text } from '@/text/en';
import classes from './Shell.module.css';
import { waitingView } from './pages';

/** How much there is to do on a page of the navigation; nothing while there is nothing. */
export function PageBadge({ to }: { to: string }) {
  if (to === '/alerts') return <AlertBadge />;
  if (to === waitingView) return <WaitingBadge />;
  return null;
}

function AlertBadge() {
  const count = useAlerts().data?.data.length ?? 0;
  return <Badge count={count} says={text.alerts.count(count)} />;
}

function WaitingBadge() {
  const count = useTiles().data?.waiting ?? 0;
  return <Badge count={count} says={text.waiting.count(count)} />;
}

function Badge({ count, says }: { count: number; says: string }) {
  if (count === 0) return null;
  return (
    <span className={classes.badge} title={says}>
      <span aria-hidden>{count > 99 ? '99+' : count}</span>
      <span className="sr-only"> {says}</span>
    </span>
  );
}
