import { Switch } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from 'react-router';
import { api, data } from '@/api/client';
import type { Sender } from '@/api/types';
import { useCan } from '@/auth/useMe';
import { Notice } from '@/parts/Notice';
import { Tag } from '@/parts/Tag';
import { notifyDone } from '@/parts/notify';
import { text } from '@/text/en';
import { SenderFacts, StatusTag } from './SenderFacts';
import classes from './WhatsApp.module.css';

const t = text.whatsapp;

/** One number in the list. */
export function SenderCard({ sender: s }: { sender: Sender }) {
  return (
    <li className={classes.card}>
      <div className={classes.head}>
        <div>
          <Link to={`/whatsapp/${s.id}`} className={classes.name}>
            {s.name}
          </Link>
          <div className={`${classes.quiet} tabular`}>
            {[s.display_phone, s.health.verified_name].filter(Boolean).join(' · ')}
          </div>
        </div>
        {s.simulated && <Tag tone="accent">{t.simulated}</Tag>}
        <StatusTag sender={s} />
        <AISwitch sender={s} />
      </div>
      {s.health.stopped && <Notice tone="danger">{t.stopped[s.health.stopped]}</Notice>}
      <SenderFacts sender={s} />
    </li>
  );
}

/** The settings of a number as they are sent back with a change. */
export const settingsOf = (s: Sender) => ({
  name: s.name,
  phone_number_id: s.phone_number_id,
  waba_id: s.waba_id,
  display_phone: s.display_phone || undefined,
  base_url: s.base_url || undefined,
  graph_version: s.graph_version || undefined,
  assistant_id: s.assistant?.id,
  ai_on: s.ai_on,
  reply_delay_seconds: s.reply_delay_seconds,
});

function AISwitch({ sender: s }: { sender: Sender }) {
  const client = useQueryClient();
  const may = useCan('settings:write');
  const change = useMutation({
    mutationFn: (ai_on: boolean) =>
      data(
        api.PUT('/api/v1/whatsapp/senders/{id}', {
          params: { path: { id: s.id } },
          body: { ...settingsOf(s), ai_on },
        }),
      ),
    onSuccess: (saved) => {
      void client.invalidateQueries({ queryKey: ['senders'] });
      const name = saved.assistant?.name ?? '';
      notifyDone(saved.ai_on ? t.aiOn(name) : t.aiOff(name));
    },
  });
  return (
    <Switch
      label={t.ai}
      checked={change.isPending ? change.variables : s.ai_on}
      disabled={!may || !s.assistant}
      onChange={(e) => change.mutate(e.currentTarget.checked)}
    />
  );
}
