import { Anchor, Tabs } from '@mantine/core';
import { IconArrowLeft } from '@tabler/icons-react';
import { Suspense, lazy } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import { useCan } from '@/auth/useMe';
import { ErrorState } from '@/parts/ErrorState';
import { PageBody } from '@/parts/PageBody';
import { PageHeader } from '@/parts/PageHeader';
import { PageLoading } from '@/parts/PageLoading';
import { Tag } from '@/parts/Tag';
import { text } from '@/text/en';
import { Health } from './Health';
import { StatusTag } from './SenderFacts';
import classes from './WhatsApp.module.css';
import { useSender } from './queries';

const t = text.whatsapp.sender;

const Templates = lazy(() => import('./templates/Templates'));
const Webhooks = lazy(() => import('./Webhooks'));
const SenderSettings = lazy(() => import('./SenderSettings'));

/** One number: its health, its templates, what Meta has posted, and its settings. */
export function SenderPage() {
  const { id = '', tab = 'health' } = useParams();
  const sender = useSender(id);
  const navigate = useNavigate();
  const seesLog = useCan('settings:read');
  const mayChange = useCan('settings:write');
  const shown = (['health', 'templates', 'webhooks', 'settings'] as const).filter(
    (x) => (x !== 'webhooks' || seesLog) && (x !== 'settings' || mayChange),
  );
  if (sender.error) {
    return <ErrorState error={sender.error} title={t.missing} onRetry={() => void sender.refetch()} fullPage />;
  }
  if (!sender.data) return <PageLoading />;
  const s = sender.data;
  return (
    <PageBody>
      <Anchor component={Link} to="/whatsapp" size="sm">
        <IconArrowLeft size={14} stroke={2} style={{ verticalAlign: '-2px' }} aria-hidden /> {t.back}
      </Anchor>
      <PageHeader
        title={s.name}
        note={[s.display_phone, s.health.verified_name].filter(Boolean).join(' · ')}
        actions={
          <>
            {s.simulated && <Tag tone="accent">{text.whatsapp.simulated}</Tag>}
            <StatusTag sender={s} />
          </>
        }
      />
      <Tabs
        value={shown.includes(tab as 'health') ? tab : 'health'}
        onChange={(next) => void navigate(`/whatsapp/${id}/${next}`)}
        keepMounted={false}
      >
        <Tabs.List aria-label={t.tabsLabel} mb="md" className={classes.tabs}>
          {shown.map((x) => (
            <Tabs.Tab key={x} value={x} className={classes.tab}>
              {t.tabs[x]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="health">
          <Health sender={s} />
        </Tabs.Panel>
        <Suspense fallback={<PageLoading />}>
          <Tabs.Panel value="templates">
            <Templates sender={s} />
          </Tabs.Panel>
          <Tabs.Panel value="webhooks">
            <Webhooks sender={s} />
          </Tabs.Panel>
          <Tabs.Panel value="settings">
            <SenderSettings sender={s} />
          </Tabs.Panel>
        </Suspense>
      </Tabs>
    </PageBody>
  );
}
