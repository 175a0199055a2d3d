import { Button } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { Link } from 'react-router';
import { useMe } from '@/auth/useMe';
import { RelativeTime } from '@/parts/RelativeTime';
import { text } from '@/text/en';
import panel from '../settings/Panel.module.css';
import classes from './Alerts.module.css';
import { type About, aboutOf, placeOf } from './kinds';
import { useAlerts, useDismiss } from './queries';

const t = text.alerts;

interface Props {
  /** What they are about: those of other pages are left out. */
  about: About;
  /** On the page that they would lead to. */
  here?: boolean;
}

/** What an operator has to look at, with what to do about it; nothing where all is well. */
export function Alerts({ about, here }: Props) {
  const alerts = useAlerts();
  const may = useMe().data?.permissions ?? [];
  const dismiss = useDismiss();
  const all = (alerts.data?.data ?? []).filter((a) => aboutOf(a) === about);
  if (all.length === 0) return null;
  return (
    <section className={panel.panel} aria-label={here ? t.title : t.about[about]}>
      {!here && <h2 className={classes.heading}>{t.about[about]}</h2>}
      {all.map((a) => {
        const place = placeOf(a);
        return (
          <div key={a.id} className={classes.alert}>
            <IconAlertTriangle size={18} stroke={1.8} color="var(--mantine-color-red-6)" aria-hidden />
            <p>{a.message}</p>
            <span className={classes.quiet}>
              {a.count > 1 && `${t.times(a.count)} · `}
              <RelativeTime at={a.last_at} />
            </span>
            {place && may.includes(place.needs) && !(here && about === 'money') && (
              <Button component={Link} to={place.to} size="compact-sm" variant="default">
                {t.open[about]}
              </Button>
            )}
            {may.includes('conversations:write') && (
              <Button size="compact-sm" variant="subtle" onClick={() => dismiss.mutate(a.id)}>
                {t.dismiss}
              </Button>
            )}
          </div>
        );
      })}
    </section>
  );
}
