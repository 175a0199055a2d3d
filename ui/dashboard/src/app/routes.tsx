import type { ComponentType } from 'react';
import { Navigate, createBrowserRouter } from 'react-router';
import { ApiError } from '@/api/error';
import { RequireAuth } from '@/auth/RequireAuth';
import { PageLoading } from '@/parts/PageLoading';
import { RouteError } from '@/parts/RouteError';
import { Shell } from '@/shell/Shell';
import { text } from '@/text/en';

// Every page is loaded when it is first visited.
const page = (load: () => Promise<{ default: ComponentType }>) => async () => {
  const loaded = await load().catch(() => {
    throw new ApiError({ code: 'offline', message: text.errors.pageMissing, status: 0 });
  });
  return { Component: loaded.default };
};

export function makeRouter() {
  return createBrowserRouter([
    {
      errorElement: <RouteError />,
      hydrateFallbackElement: <PageLoading />,
      children: [
        { path: '/signin/*', lazy: page(() => import('@/pages/signin/SignInPage')) },
        { path: '/setup/*', lazy: page(() => import('@/pages/setup/SetupPage')) },
        { path: '/join/*', lazy: page(() => import('@/pages/join/JoinPage')) },
        {
          element: (
            <RequireAuth>
              <Shell />
            </RequireAuth>
          ),
          children: [
            {
              errorElement: <RouteError />,
              children: [
                { index: true, element: <Navigate to="/conversations" replace /> },
                {
                  path: 'conversations/:id?',
                  lazy: page(() => import('@/pages/conversations/ConversationsPage')),
                },
                { path: 'analytics', lazy: page(() => import('@/pages/analytics/AnalyticsPage')) },
                { path: 'exports', lazy: page(() => import('@/pages/exports/ExportsPage')) },
                { path: 'alerts', lazy: page(() => import('@/pages/alerts/AlertsPage')) },
                { path: 'assistants/*', lazy: page(() => import('@/pages/assistants/AssistantsPage')) },
                { path: 'widgets/*', lazy: page(() => import('@/pages/widgets/WidgetsPage')) },
                { path: 'analytics/topics', lazy: page(() => import('@/pages/topics/TopicsPage')) },
                { path: 'analytics/costs', lazy: page(() => import('@/pages/costs/CostsPage')) },
                { path: 'whatsapp/*', lazy: page(() => import('@/pages/whatsapp/WhatsAppPage')) },
                { path: 'simulator', lazy: page(() => import('@/pages/simulator/SimulatorPage')) },
                { path: 'settings/*', lazy: page(() => import('@/pages/settings/SettingsPage')) },
                { path: '*', lazy: page(() => import('@/pages/missing/MissingPage')) },
              ],
            },
          ],
        },
      ],
    },
  ]);
}
