import { useDisclosure, useHotkeys } from '@mantine/hooks';
import { Suspense } from 'react';
import { Outlet, useMatch, useNavigate } from 'react-router';
import { LiveProvider } from '@/live/LiveProvider';
import { PageLoading } from '@/parts/PageLoading';
import { text } from '@/text/en';
import { WaitingWatch } from '@/waiting/WaitingWatch';
import { Jump } from './Jump';
import { KeyboardHelp } from './KeyboardHelp';
import { PhoneBar } from './PhoneBar';
import { Rail } from './Rail';
import classes from './Shell.module.css';
import { waitingView } from './pages';
import { useSequence } from './useSequence';

/** What surrounds every page: navigation, jump, keyboard help. */
export function Shell() {
  const [help, helpControl] = useDisclosure(false);
  const navigate = useNavigate();
  // On a phone an open conversation has the whole screen.
  const reading = useMatch('/conversations/:id') !== null;
  useHotkeys([['shift+?', helpControl.open]]);
  useSequence('g', {
    c: () => void navigate('/conversations'),
    p: () => void navigate(waitingView),
    n: () => void navigate('/analytics'),
    a: () => void navigate('/assistants'),
    w: () => void navigate('/widgets'),
    s: () => void navigate('/settings'),
  });
  return (
    <LiveProvider>
      <div className={classes.shell} data-reading={reading || undefined}>
        <a href="#content" className={classes.skip}>
          {text.nav.skip}
        </a>
        <Rail onHelp={helpControl.open} />
        <PhoneBar onHelp={helpControl.open} />
        <main id="content" tabIndex={-1} className={classes.main}>
          <Suspense fallback={<PageLoading />}>
            <Outlet />
          </Suspense>
        </main>
        <WaitingWatch />
        <Jump onHelp={helpControl.open} />
        <KeyboardHelp opened={help} onClose={helpControl.close} />
      </div>
    </LiveProvider>
  );
}
