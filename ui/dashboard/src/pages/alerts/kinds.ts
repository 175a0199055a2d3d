import type { Alert, Permission } from '@/api/types';

/** What an alert is about. */
export type About = 'money' | 'models' | 'webhooks' | 'server' | 'numbers';

/** What alerts are about, in the order in which they are shown. */
export const abouts: readonly About[] = ['server', 'models', 'numbers', 'webhooks', 'money'];

export function aboutOf({ code }: Pick<Alert, 'code'>): About {
  if (code.startsWith('budget_')) return 'money';
  if (code === 'provider_failing') return 'models';
  if (code === 'webhook_disabled') return 'webhooks';
  if (code === 'disk_full' || code === 'queue_behind') return 'server';
  return 'numbers';
}

/** Where something can be done about it, and who may go there; null where it is not in the dashboard. */
export function placeOf(alert: Pick<Alert, 'code' | 'sender_id'>): { to: string; needs: Permission } | null {
  switch (aboutOf(alert)) {
    case 'money':
      return { to: '/analytics/costs', needs: 'conversations:read' };
    case 'models':
      return { to: '/settings/models', needs: 'settings:read' };
    case 'webhooks':
      return { to: '/settings/webhooks', needs: 'settings:write' };
    case 'numbers':
      return { to: `/whatsapp/${alert.sender_id}`, needs: 'assistants:read' };
    case 'server':
      return null;
  }
}
