import { Anchor, Button } from '@mantine/core';
import { IconArrowUpRight, IconPlus, IconWebhook } from '@tabler/icons-react';
import { useState } from 'react';
import type { WebhookEndpoint } from '@/api/types';
import { EmptyState } from '@/parts/EmptyState';
import { ErrorState } from '@/parts/ErrorState';
import { PageBody } from '@/parts/PageBody';
import { PageHeader } from '@/parts/PageHeader';
import { PageLoading } from '@/parts/PageLoading';
import { text } from '@/text/en';
import panel from '../Panel.module.css';
import { DeliveryLog } from './DeliveryLog';
import { EndpointForm } from './EndpointForm';
import { EndpointRow } from './EndpointRow';
import { SecretOnce } from './SecretOnce';
import { useEndpoints } from './queries';

const t = text.webhooks;

/** What is open over the list. */
type Open =
  | { what: 'form'; endpoint: WebhookEndpoint | null }
  | { what: 'log'; endpoint: WebhookEndpoint }
  | { what: 'secret'; secret: string };

/** The addresses outside that are told what happens in the workspace. */
export default function WebhooksPage() {
  const endpoints = useEndpoints();
  const [open, setOpen] = useState<Open | null>(null);
  const list = endpoints.data?.data;
  const close = () => setOpen(null);
  const showSecret = (secret: string | undefined) => setOpen(secret ? { what: 'secret', secret } : null);
  const add = (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setOpen({ what: 'form', endpoint: null })}>
      {t.add}
    </Button>
  );
  return (
    <PageBody>
      <PageHeader
        title={t.title}
        note={
          <>
            {t.subtitle}{' '}
            <Anchor href="/docs" target="_blank" size="sm" underline="always">
              {t.docs}
              <IconArrowUpRight size={13} aria-hidden />
            </Anchor>
          </>
        }
        actions={list && list.length > 0 && add}
      />
      {endpoints.error && !list ? (
        <ErrorState error={endpoints.error} title={t.loadFailed} onRetry={() => void endpoints.refetch()} />
      ) : !list ? (
        <PageLoading />
      ) : list.length === 0 ? (
        <EmptyState icon={IconWebhook} title={t.emptyTitle} actions={add}>
          {t.emptyBody}
        </EmptyState>
      ) : (
        <div className={panel.panel}>
          {list.map((endpoint) => (
            <EndpointRow
              key={endpoint.id}
              of={endpoint}
              onEdit={() => setOpen({ what: 'form', endpoint })}
              onLog={() => setOpen({ what: 'log', endpoint })}
              onSecret={showSecret}
            />
          ))}
        </div>
      )}
      {open?.what === 'form' && <EndpointForm endpoint={open.endpoint} onSaved={showSecret} onClose={close} />}
      {open?.what === 'log' && <DeliveryLog endpoint={open.endpoint} onClose={close} />}
      {open?.what === 'secret' && <SecretOnce secret={open.secret} onClose={close} />}
    </PageBody>
  );
}
