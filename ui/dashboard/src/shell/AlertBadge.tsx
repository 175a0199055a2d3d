import { useAlerts } from '@/pages/whatsapp/queries';
import { text } from '@/text/en';
import classes from './Shell.module.css';

/** How many alerts wait for a look; nothing while there are none. */
export function AlertBadge() {
  const count = useAlerts().data?.data.length ?? 0;
  if (count === 0) return null;
  return (
    <span className={classes.badge} title={text.whatsapp.alerts.count(count)}>
      {count}
      <span className="sr-only"> {text.whatsapp.alerts.title}</span>
    </span>
  );
}
