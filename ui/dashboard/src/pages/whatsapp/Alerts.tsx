import { Button } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from 'react-router';
import { api, data } from '@/api/client';
import type { Sender } from '@/api/types';
import { useCan } from '@/auth/useMe';
import { RelativeTime } from '@/parts/RelativeTime';
import { text } from '@/text/en';
import panel from '../settings/Panel.module.css';
import classes from './WhatsApp.module.css';
import { aboutOf, useAlerts } from './queries';

const t = text.whatsapp.alerts;

interface Props {
  /** What they are about: those of the other page are left out. */
  about: ReturnType<typeof aboutOf>;
  senders?: readonly Sender[];
}

/** What an operator has to look at, with what to do about it; nothing where all is well. */
export function Alerts({ about, senders = [] }: Props) {
  const alerts = useAlerts();
  const client = useQueryClient();
  const may = useCan('conversations:write');
  const dismiss = useMutation({
    mutationFn: (id: string) => data(api.DELETE('/api/v1/alerts/{id}', { params: { path: { id } } })),
    onSettled: () => client.invalidateQueries({ queryKey: ['alerts'] }),
  });
  const all = (alerts.data?.data ?? []).filter((a) => aboutOf(a) === about);
  if (all.length === 0) return null;
  return (
    <section className={panel.panel} aria-label={t.title}>
      {all.map((a) => (
        <div key={a.id} className={classes.alert}>
          <IconAlertTriangle size={18} stroke={1.8} color="var(--mantine-color-red-6)" aria-hidden />
          <p>{a.message}</p>
          <span className={classes.quiet}>
            {a.count > 1 && `${t.times(a.count)} · `}
            <RelativeTime at={a.last_at} />
          </span>
          {senders.some((s) => s.id === a.sender_id) && (
            <Button component={Link} to={`/whatsapp/${a.sender_id}`} size="compact-sm" variant="default">
              {t.open}
            </Button>
          )}
          {a.code === 'webhook_disabled' && (
            <Button component={Link} to="/settings/webhooks" size="compact-sm" variant="default">
              {t.open}
            </Button>
          )}
          {may && (
            <Button size="compact-sm" variant="subtle" onClick={() => dismiss.mutate(a.id)}>
              {t.dismiss}
            </Button>
          )}
        </div>
      ))}
    </section>
  );
}
