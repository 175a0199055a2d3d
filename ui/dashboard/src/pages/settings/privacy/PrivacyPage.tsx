import { Stack } from '@mantine/core';
import { ErrorState } from '@/parts/ErrorState';
import { PageBody } from '@/parts/PageBody';
import { PageHeader } from '@/parts/PageHeader';
import { PageLoading } from '@/parts/PageLoading';
import { text } from '@/text/en';
import { Erasures } from './Erasures';
import { RetentionForm } from './RetentionForm';
import { useRetention } from './queries';

const t = text.privacy;

/** How long conversations are kept, and the receipts of erased people. */
export default function PrivacyPage() {
  const retention = useRetention();
  return (
    <PageBody>
      <PageHeader title={t.title} note={t.subtitle} />
      {retention.error && !retention.data ? (
        <ErrorState error={retention.error} title={t.loadFailed} onRetry={() => void retention.refetch()} />
      ) : !retention.data ? (
        <PageLoading />
      ) : (
        <Stack gap="lg">
          <RetentionForm kept={retention.data.days} />
          <Erasures />
        </Stack>
      )}
    </PageBody>
  );
}
