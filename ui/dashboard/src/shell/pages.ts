import { IconBrandWhatsapp, IconDeviceMobile, IconMessages, IconSettings, IconSparkles } from '@tabler/icons-react';
import { useSimulator } from '@/pages/whatsapp/queries';
import { text } from '@/text/en';

/** The pages in the navigation, in its order. */
const pages = [
  { to: '/conversations', label: text.nav.conversations, icon: IconMessages },
  { to: '/assistants', label: text.nav.assistants, icon: IconSparkles },
  { to: '/whatsapp', label: text.nav.whatsapp, icon: IconBrandWhatsapp },
  { to: '/settings', label: text.nav.settings, icon: IconSettings },
] as const;

const simulator = { to: '/simulator', label: text.simulator.title, icon: IconDeviceMobile } as const;

/** The pages that are there: a server may have a simulator of WhatsApp. */
export function usePages() {
  const has = useSimulator().data?.available === true;
  return has ? [...pages.slice(0, -1), simulator, ...pages.slice(-1)] : pages;
}
