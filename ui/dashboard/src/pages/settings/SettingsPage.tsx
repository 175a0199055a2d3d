import { useDocumentTitle } from '@mantine/hooks';
import {
  IconBuilding,
  IconCoins,
  IconCpu,
  IconFileImport,
  IconKey,
  IconMessage2Bolt,
  IconShieldLock,
  IconTags,
  IconUsers,
  IconWebhook,
} from '@tabler/icons-react';
import { Suspense, lazy, useEffect, useRef } from 'react';
import { NavLink, Navigate, Route, Routes, useLocation } from 'react-router';
import type { Permission } from '@/api/types';
import { useMe } from '@/auth/useMe';
import { PageLoading } from '@/parts/PageLoading';
import { text } from '@/text/en';
import classes from './SettingsPage.module.css';

const t = text.settings;

const ModelsPage = lazy(() => import('./models/ModelsPage'));
const PricesPage = lazy(() => import('./prices/PricesPage'));
const MembersPage = lazy(() => import('./members/MembersPage'));
const KeysPage = lazy(() => import('./keys/KeysPage'));
const TagsPage = lazy(() => import('./tags/TagsPage'));
const RepliesPage = lazy(() => import('./replies/RepliesPage'));
const WebhooksPage = lazy(() => import('./webhooks/WebhooksPage'));
const ImportsPage = lazy(() => import('./imports/ImportsPage'));
const PrivacyPage = lazy(() => import('./privacy/PrivacyPage'));
const WorkspacePage = lazy(() => import('./workspace/WorkspacePage'));

const parts = [
  { path: 'models', label: t.nav.models, icon: IconCpu, needs: 'settings:read', Page: ModelsPage },
  { path: 'prices', label: t.nav.prices, icon: IconCoins, needs: 'settings:read', Page: PricesPage },
  { path: 'members', label: t.nav.members, icon: IconUsers, needs: 'members:manage', Page: MembersPage },
  { path: 'api-keys', label: t.nav.keys, icon: IconKey, needs: 'members:manage', Page: KeysPage },
  { path: 'tags', label: t.nav.tags, icon: IconTags, needs: 'assistants:write', Page: TagsPage },
  { path: 'replies', label: t.nav.replies, icon: IconMessage2Bolt, needs: 'assistants:write', Page: RepliesPage },
  { path: 'webhooks', label: t.nav.webhooks, icon: IconWebhook, needs: 'settings:write', Page: WebhooksPage },
  { path: 'imports', label: t.nav.imports, icon: IconFileImport, needs: 'settings:write', Page: ImportsPage },
  { path: 'privacy', label: t.nav.privacy, icon: IconShieldLock, needs: 'settings:write', Page: PrivacyPage },
  {
    path: 'workspace',
    label: t.nav.workspace,
    icon: IconBuilding,
    needs: 'assistants:read',
    Page: WorkspacePage,
  },
] as const satisfies readonly {
  path: string;
  label: string;
  icon: unknown;
  needs: Permission;
  Page: unknown;
}[];

/** The settings, a section at a time; each person sees those that the role may read. */
export default function SettingsPage() {
  useDocumentTitle(`${t.title} · ${text.product}`);
  const allowed = useMe().data?.permissions ?? [];
  const shown = parts.filter((part) => allowed.includes(part.needs));
  const first = shown[0];
  const { pathname } = useLocation();
  const nav = useRef<HTMLElement>(null);
  useEffect(() => {
    nav.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [pathname]);
  return (
    <div className={classes.page}>
      <nav ref={nav} className={classes.nav} aria-label={t.navLabel}>
        <h2 className={classes.heading}>{t.title}</h2>
        <ul>
          {shown.map(({ path, label, icon: Icon }) => (
            <li key={path}>
              <NavLink to={`/settings/${path}`} className={classes.link}>
                <Icon size={17} stroke={1.7} aria-hidden />
                {label}
              </NavLink>
            </li>
          ))}
        </ul>
      </nav>
      <div className={classes.content}>
        <Suspense fallback={<PageLoading />}>
          <Routes>
            {shown.map(({ path, Page }) => (
              <Route key={path} path={path} element={<Page />} />
            ))}
            <Route path="*" element={<ToFirst path={first?.path} />} />
          </Routes>
        </Suspense>
      </div>
    </div>
  );
}

/** Goes on to the first section that may be read. */
function ToFirst({ path }: { path: string | undefined }) {
  return (
    <>
      <PageLoading />
      {path && <Navigate to={`/settings/${path}`} replace />}
    </>
  );
}
