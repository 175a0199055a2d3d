import { useEffect, useState } from 'react';
import { fullTime, relativeTime } from './time';

/** When something happened, short, with the exact time on hover; stays right by itself. */
export function RelativeTime({ at, className }: { at: string; className?: string }) {
  const [, tick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => tick((n) => n + 1), 30_000);
    return () => clearInterval(timer);
  }, []);
  return (
    <time dateTime={at} title={fullTime(at)} className={className}>
      {relativeTime(at)}
    </time>
  );
}
