import type { ReactNode } from 'react';
import { Link } from 'react-router';

interface Props {
  to: string;
  className?: string;
  children: ReactNode;
}

/** A number that opens its conversations, or stands alone where no list shows exactly them. */
export function ListLink({ to, className, children }: Props) {
  return to ? (
    <Link to={to} className={className}>
      {children}
    </Link>
  ) : (
    <span className={className}>{children}</span>
  );
}
