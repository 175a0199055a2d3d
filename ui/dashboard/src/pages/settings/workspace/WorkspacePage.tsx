import { Stack, Text } from '@mantine/core';
import { useMe } from '@/auth/useMe';
import { ErrorState } from '@/parts/ErrorState';
import { PageBody } from '@/parts/PageBody';
import { PageHeader } from '@/parts/PageHeader';
import { PageLoading } from '@/parts/PageLoading';
import { text } from '@/text/en';
import { AccountForm } from './AccountForm';
import { PasswordForm } from './PasswordForm';
import { useWorkspace } from './queries';
import { WorkspaceForm } from './WorkspaceForm';

const t = text.settings.workspace;

/** The workspace's name and time zone, and one's own account. */
export default function WorkspacePage() {
  const workspace = useWorkspace();
  const me = useMe().data;
  return (
    <PageBody>
      <Stack gap="lg" maw={680}>
        <PageHeader title={t.title} note={t.subtitle} />
        {workspace.error ? (
          <ErrorState error={workspace.error} title={t.loadFailed} onRetry={() => void workspace.refetch()} />
        ) : workspace.data ? (
          <WorkspaceForm key={`${workspace.data.name} ${workspace.data.time_zone}`} workspace={workspace.data} />
        ) : (
          <PageLoading />
        )}
        {me?.member && (
          <>
            <Stack gap={2}>
              <Text component="h2" fw={620} size="lg" m={0}>
                {t.account}
              </Text>
              <Text size="sm" c="dimmed">
                {t.accountHelp}
              </Text>
            </Stack>
            <AccountForm key={me.member.name} member={me.member} />
            <PasswordForm />
          </>
        )}
        {me && (
          <Text size="xs" c="dimmed">
            {text.shell.version(me.version)} · {t.id} <code>{me.workspace.id}</code>
          </Text>
        )}
      </Stack>
    </PageBody>
  );
}
