import { Menu } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import { Link } from 'react-router';
import { text } from '@/text/en';
import { AccountMenu } from './AccountMenu';
import { PageBadge } from './PageBadge';
import { PageLink, useIsHere } from './PageLink';
import { usePages } from './pages';
import classes from './Shell.module.css';

/** How many pages have a tab of their own; a phone has no room for more. */
const mostTabs = 4;

/** The navigation at the bottom of a phone's screen. */
export function PhoneBar({ onHelp }: { onHelp: () => void }) {
  const pages = usePages();
  const tabs = pages.slice(0, mostTabs);
  const others = pages.slice(mostTabs);
  return (
    <nav aria-label={text.nav.label} className={classes.phoneBar}>
      {tabs.map(({ to, label, icon: Icon }) => (
        <PageLink key={to} to={to} className={classes.tab}>
          <Icon size={21} stroke={1.7} aria-hidden />
          <span className={classes.tabLabel}>{label}</span>
          <PageBadge to={to} />
        </PageLink>
      ))}
      <Others pages={others} />
      <AccountMenu onHelp={onHelp} compact />
    </nav>
  );
}

/** The pages behind "More". */
function Others({ pages }: { pages: ReturnType<typeof usePages> }) {
  const isHere = useIsHere();
  return (
    <Menu position="top-end" width={210} shadow="md">
      <Menu.Target>
        <button type="button" className={classes.tab} data-here={pages.some(({ to }) => isHere(to)) || undefined}>
          <IconDots size={21} stroke={1.7} aria-hidden />
          <span className={classes.tabLabel}>{text.nav.more}</span>
          {pages.map(({ to }) => (
            <PageBadge key={to} to={to} />
          ))}
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {pages.map(({ to, label, icon: Icon }) => (
          <Menu.Item
            key={to}
            component={Link}
            to={to}
            leftSection={<Icon size={18} stroke={1.7} aria-hidden />}
            rightSection={<PageBadge to={to} />}
          >
            {label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
