import { Kbd } from '@mantine/core';
import { spotlight } from '@mantine/spotlight';
import { IconSearch } from '@tabler/icons-react';
import { Link } from 'react-router';
import { text } from '@/text/en';
import { AccountMenu } from './AccountMenu';
import { Brand } from './Brand';
import { PageBadge } from './PageBadge';
import { PageLink } from './PageLink';
import { modKey } from './modKey';
import { usePages } from './pages';
import classes from './Shell.module.css';

/** The navigation beside the page; on phones PhoneBar takes its place. */
export function Rail({ onHelp }: { onHelp: () => void }) {
  const pages = usePages();
  return (
    <aside className={classes.rail}>
      <Link to="/conversations" className={classes.brand}>
        <Brand />
        <span>{text.product}</span>
      </Link>
      <button type="button" className={classes.jump} onClick={spotlight.open}>
        <IconSearch size={15} stroke={1.8} aria-hidden />
        <span>{text.shell.jump}</span>
        <Kbd size="xs">{modKey} K</Kbd>
      </button>
      <nav aria-label={text.nav.label}>
        <ul className={classes.nav}>
          {pages.map(({ to, label, icon: Icon }) => (
            <li key={to}>
              <PageLink to={to} className={classes.link}>
                <Icon size={18} stroke={1.7} aria-hidden />
                <span>{label}</span>
                <PageBadge to={to} />
              </PageLink>
            </li>
          ))}
        </ul>
      </nav>
      <div className={classes.foot}>
        <AccountMenu onHelp={onHelp} />
      </div>
    </aside>
  );
}
