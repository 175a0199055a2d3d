import {
  IconAppWindow,
  IconBell,
  IconBrandWhatsapp,
  IconChartBar,
  IconDeviceMobile,
  IconHandStop,
  IconMessages,
  IconSettings,
  IconSparkles,
} from '@tabler/icons-react';
import { useMe } from '@/auth/useMe';
import { useSimulator } from '@/pages/whatsapp/queries';
import { text } from '@/text/en';

/** The conversations that wait for a person. */
export const waitingView = '/conversations?waiting=true';

/** The pages in the navigation, in its order. */
const pages = [
  { to: '/conversations', label: text.nav.conversations, icon: IconMessages },
  { to: waitingView, label: text.nav.waiting, icon: IconHandStop },
  { to: '/analytics', label: text.nav.analytics, icon: IconChartBar },
  { to: '/assistants', label: text.nav.assistants, icon: IconSparkles },
  { to: '/widgets', label: text.nav.widgets, icon: IconAppWindow },
  { to: '/whatsapp', label: text.nav.whatsapp, icon: IconBrandWhatsapp },
  { to: '/simulator', label: text.simulator.title, icon: IconDeviceMobile },
  { to: '/alerts', label: text.alerts.nav, icon: IconBell },
  { to: '/settings', label: text.nav.settings, icon: IconSettings },
] as const;

/** The pages that are there: a server may have a simulator, and not everybody may see widgets. */
export function usePages() {
  const simulator = useSimulator().data?.available === true;
  const widgets = useMe().data?.permissions.includes('settings:read') === true;
  return pages.filter(({ to }) => (to !== '/simulator' || simulator) && (to !== '/widgets' || widgets));
}
