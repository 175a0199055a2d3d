import { useMantineColorScheme } from '@mantine/core';
import { Spotlight, type SpotlightActionData, type SpotlightActionGroupData } from '@mantine/spotlight';
import { IconKeyboard, IconLogout, IconMoon, IconSearch, IconSun } from '@tabler/icons-react';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { useSignOut } from '@/auth/useMe';
import { text } from '@/text/en';
import { usePages } from './pages';

/** The command palette: go to a page, search, change the appearance. */
export function Jump({ onHelp }: { onHelp: () => void }) {
  const pages = usePages();
  const [query, setQuery] = useState('');
  const navigate = useNavigate();
  const signOut = useSignOut();
  const { setColorScheme } = useMantineColorScheme();
  const q = query.trim();
  const search: SpotlightActionData[] = q
    ? [
        {
          id: 'search',
          label: text.spotlight.searchFor(q),
          keywords: q,
          leftSection: <IconSearch size={18} stroke={1.7} />,
          onClick: () => void navigate(`/conversations?q=${encodeURIComponent(q)}`),
        },
      ]
    : [];
  const actions: (SpotlightActionData | SpotlightActionGroupData)[] = [
    {
      group: text.spotlight.pages,
      actions: pages.map(({ to, label, icon: Icon }) => ({
        id: to,
        label,
        leftSection: <Icon size={18} stroke={1.7} />,
        onClick: () => void navigate(to),
      })),
    },
    {
      group: text.spotlight.actions,
      actions: [
        {
          id: 'light',
          label: text.shell.useLight,
          leftSection: <IconSun size={18} stroke={1.7} />,
          onClick: () => setColorScheme('light'),
        },
        {
          id: 'dark',
          label: text.shell.useDark,
          leftSection: <IconMoon size={18} stroke={1.7} />,
          onClick: () => setColorScheme('dark'),
        },
        {
          id: 'keys',
          label: text.keyboard.open,
          leftSection: <IconKeyboard size={18} stroke={1.7} />,
          onClick: onHelp,
        },
        {
          id: 'out',
          label: text.shell.signOut,
          leftSection: <IconLogout size={18} stroke={1.7} />,
          onClick: () => void signOut(),
        },
      ],
    },
    ...search,
  ];
  return (
    <Spotlight
      actions={actions}
      query={query}
      onQueryChange={setQuery}
      shortcut={['mod + K']}
      highlightQuery
      centered={false}
      attributes={{ content: { 'aria-label': text.shell.jump } }}
      scrollable
      maxHeight={420}
      nothingFound={text.spotlight.nothing}
      searchProps={{
        leftSection: <IconSearch size={18} stroke={1.7} />,
        placeholder: text.spotlight.placeholder,
        'aria-label': text.spotlight.placeholder,
      }}
    />
  );
}
