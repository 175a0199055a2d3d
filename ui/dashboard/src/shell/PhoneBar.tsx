import { NavLink } from 'react-router';
import { text } from '@/text/en';
import { AlertBadge } from './AlertBadge';
import { AccountMenu } from './AccountMenu';
import { usePages } from './pages';
import classes from './Shell.module.css';

/** The navigation at the bottom of a phone's screen. */
export function PhoneBar({ onHelp }: { onHelp: () => void }) {
  const pages = usePages();
  return (
    <nav aria-label={text.nav.label} className={classes.phoneBar}>
      {pages.map(({ to, label, icon: Icon }) => (
        <NavLink key={to} to={to} className={classes.tab}>
          <Icon size={21} stroke={1.7} aria-hidden />
          <span className={classes.tabLabel}>{label}</span>
          {to === '/whatsapp' && <AlertBadge />}
        </NavLink>
      ))}
      <AccountMenu onHelp={onHelp} compact />
    </nav>
  );
}
