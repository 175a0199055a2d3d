import { Button } from '@mantine/core';
import { IconBrandWhatsapp, IconDeviceMobile, IconPlus } from '@tabler/icons-react';
import { Link } from 'react-router';
import { useCan } from '@/auth/useMe';
import { EmptyState } from '@/parts/EmptyState';
import { ErrorState } from '@/parts/ErrorState';
import { Flags } from '@/parts/Flags';
import { PageBody } from '@/parts/PageBody';
import { PageHeader } from '@/parts/PageHeader';
import { PageLoading } from '@/parts/PageLoading';
import { text } from '@/text/en';
import { Alerts } from '@/pages/alerts/Alerts';
import { SenderCard } from './SenderCard';
import classes from './WhatsApp.module.css';
import { useSenders, useSimulator } from './queries';

const t = text.whatsapp;

/** The business numbers, how they are, and who answers on them. */
export function SenderList() {
  const senders = useSenders();
  const simulator = useSimulator();
  const mayConnect = useCan('settings:write');
  const connect = mayConnect && (
    <Button component={Link} to="/whatsapp/new" leftSection={<IconPlus size={16} />}>
      {t.connect}
    </Button>
  );
  const toSimulator = simulator.data?.available && (
    <Button component={Link} to="/simulator" variant="default" leftSection={<IconDeviceMobile size={16} />}>
      {t.openSimulator}
    </Button>
  );
  const found = senders.data?.data ?? [];
  return (
    <PageBody>
      <PageHeader
        title={t.title}
        note={t.subtitle}
        actions={
          <>
            {toSimulator}
            {found.length > 0 && connect}
          </>
        }
      />
      <Alerts about="numbers" here />
      {senders.error ? (
        <ErrorState error={senders.error} title={t.loadFailed} onRetry={() => void senders.refetch()} />
      ) : !senders.data ? (
        <PageLoading />
      ) : found.length === 0 ? (
        <EmptyState icon={IconBrandWhatsapp} title={t.emptyTitle} actions={connect}>
          {t.emptyBody} {!simulator.data?.available && <Flags>{t.tryIt}</Flags>}
        </EmptyState>
      ) : (
        <ul className={classes.list}>
          {found.map((s) => (
            <SenderCard key={s.id} sender={s} />
          ))}
        </ul>
      )}
    </PageBody>
  );
}
