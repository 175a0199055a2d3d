import { Button, Group, Text, Title } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, data } from '@/api/client';
import type { Invite } from '@/api/types';
import { useConfirm } from '@/parts/Confirm';
import { notifyDone } from '@/parts/notify';
import { fullTime } from '@/parts/time';
import { text } from '@/text/en';
import panel from '../Panel.module.css';

const t = text.settings.members;

/** The invitations that can still be used. */
export function Invites() {
  const client = useQueryClient();
  const confirm = useConfirm();
  const invites = useQuery({
    queryKey: ['invites'],
    queryFn: ({ signal }) => data(api.GET('/api/v1/invites', { signal })),
  });
  const withdraw = useMutation({
    mutationFn: (id: string) => data(api.DELETE('/api/v1/invites/{id}', { params: { path: { id } } })),
    onSuccess: () => notifyDone(t.withdrawn),
    onSettled: () => client.invalidateQueries({ queryKey: ['invites'] }),
  });
  const ask = async (invite: Invite) => {
    const question = { title: t.withdrawTitle, body: t.withdrawBody, action: t.withdraw, danger: true };
    if (await confirm(question)) withdraw.mutate(invite.id);
  };
  const open = (invites.data?.data ?? []).filter((invite) => !invite.used);
  if (open.length === 0) return null;
  return (
    <section>
      <Title order={2} mb="sm">
        {t.open}
      </Title>
      <div className={panel.panel}>
        {open.map((invite) => (
          <Group key={invite.id} className={panel.row} wrap="nowrap">
            <div className={panel.main}>
              <Text size="sm" fw={560} truncate>
                {invite.email || t.anybody}
              </Text>
              <Text size="xs" c="dimmed">
                {t.roles[invite.role].label} · {t.inviteValid(fullTime(invite.expires_at))}
              </Text>
            </div>
            <Button variant="default" size="compact-sm" onClick={() => void ask(invite)}>
              {t.withdraw}
            </Button>
          </Group>
        ))}
      </div>
    </section>
  );
}
