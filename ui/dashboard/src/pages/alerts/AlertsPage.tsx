import { Stack } from '@mantine/core';
import { IconBellCheck } from '@tabler/icons-react';
import { EmptyState } from '@/parts/EmptyState';
import { ErrorState } from '@/parts/ErrorState';
import { PageBody } from '@/parts/PageBody';
import { PageHeader } from '@/parts/PageHeader';
import { PageLoading } from '@/parts/PageLoading';
import { text } from '@/text/en';
import { Alerts } from './Alerts';
import { abouts } from './kinds';
import { useAlerts } from './queries';

const t = text.alerts;

/** Everything that somebody has to look at, with where to go. */
export default function AlertsPage() {
  const alerts = useAlerts();
  return (
    <PageBody>
      <PageHeader title={t.title} note={t.subtitle} />
      {alerts.error && !alerts.data ? (
        <ErrorState error={alerts.error} title={t.loadFailed} onRetry={() => void alerts.refetch()} />
      ) : !alerts.data ? (
        <PageLoading />
      ) : alerts.data.data.length === 0 ? (
        <EmptyState icon={IconBellCheck} title={t.emptyTitle}>
          {t.emptyBody}
        </EmptyState>
      ) : (
        <Stack gap="lg">
          {abouts.map((about) => (
            <Alerts key={about} about={about} />
          ))}
        </Stack>
      )}
    </PageBody>
  );
}
