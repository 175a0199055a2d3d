import { IconAppWindow, IconMessages, IconSettings, IconSparkles } from '@tabler/icons-react';
import type { Permission } from '@/api/types';
import { useMe } from '@/auth/useMe';
import { text } from '@/text/en';

/** The pages in the navigation, in its order. */
const pages = [
  { to: '/conversations', label: text.nav.conversations, icon: IconMessages, needs: undefined },
  { to: '/assistants', label: text.nav.assistants, icon: IconSparkles, needs: undefined },
  { to: '/widgets', label: text.nav.widgets, icon: IconAppWindow, needs: 'settings:read' },
  { to: '/settings', label: text.nav.settings, icon: IconSettings, needs: undefined },
] as const satisfies readonly { to: string; label: string; icon: unknown; needs: Permission | undefined }[];

/** The pages that the person may see. */
export function usePages() {
  const allowed = useMe().data?.permissions ?? [];
  return pages.filter(({ needs }) => needs === undefined || allowed.includes(needs));
}
