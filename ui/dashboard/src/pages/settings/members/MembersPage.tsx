import { Button, List, Text } from '@mantine/core';
import { IconUserPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, data } from '@/api/client';
import type { Role } from '@/api/types';
import { ErrorState } from '@/parts/ErrorState';
import { PageBody } from '@/parts/PageBody';
import { PageHeader } from '@/parts/PageHeader';
import { PageLoading } from '@/parts/PageLoading';
import { text } from '@/text/en';
import panel from '../Panel.module.css';
import { InviteDialog } from './InviteDialog';
import { Invites } from './Invites';
import { MemberTable } from './MemberTable';

const t = text.settings.members;

/** Who may sign in, and what they may do. */
export default function MembersPage() {
  const members = useQuery({
    queryKey: ['members'],
    queryFn: ({ signal }) => data(api.GET('/api/v1/members', { signal })),
  });
  const [inviting, setInviting] = useState(false);
  return (
    <PageBody>
      <PageHeader
        title={t.title}
        note={t.subtitle}
        actions={
          <Button leftSection={<IconUserPlus size={16} />} onClick={() => setInviting(true)}>
            {t.invite}
          </Button>
        }
      />
      {members.error ? (
        <ErrorState error={members.error} title={t.loadFailed} onRetry={() => void members.refetch()} />
      ) : members.data ? (
        <MemberTable members={members.data.data} />
      ) : (
        <PageLoading />
      )}
      <Invites />
      <section className={`${panel.panel} ${panel.padded}`}>
        <Text fw={580} size="sm" mb="xs">
          {t.rolesTitle}
        </Text>
        <List size="sm" spacing={4} listStyleType="none">
          {(Object.keys(t.roles) as Role[]).map((role) => (
            <List.Item key={role}>
              <strong>{t.roles[role].label}</strong>
              {': '}
              {t.roles[role].help}
            </List.Item>
          ))}
        </List>
      </section>
      {inviting && <InviteDialog onClose={() => setInviting(false)} />}
    </PageBody>
  );
}
