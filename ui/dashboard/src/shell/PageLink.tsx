import type { ReactNode } from 'react';
import { Link, useLocation } from 'react-router';

interface Props {
  to: string;
  className: string | undefined;
  children: ReactNode;
}

/** A link of the navigation, which says whether its page is the one that is shown. */
export function PageLink({ to, className, children }: Props) {
  const isHere = useIsHere();
  return (
    <Link to={to} className={className} aria-current={isHere(to) ? 'page' : undefined}>
      {children}
    </Link>
  );
}

/** Tells whether a page of the navigation is shown. Who waits is a view of the conversations. */
export function useIsHere() {
  const { pathname, search } = useLocation();
  const onlyWaiting = new URLSearchParams(search).get('waiting') === 'true';
  return (to: string) => {
    const [path = '', query] = to.split('?');
    return (
      `${pathname}/`.startsWith(`${path}/`) && (path !== '/conversations' || onlyWaiting === (query !== undefined))
    );
  };
}
