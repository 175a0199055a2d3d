import { IconMessages, IconSettings, IconSparkles } from '@tabler/icons-react';
import { text } from '@/text/en';

/** The pages in the navigation, in its order. */
export const pages = [
  { to: '/conversations', label: text.nav.conversations, icon: IconMessages },
  { to: '/assistants', label: text.nav.assistants, icon: IconSparkles },
  { to: '/settings', label: text.nav.settings, icon: IconSettings },
] as const;
