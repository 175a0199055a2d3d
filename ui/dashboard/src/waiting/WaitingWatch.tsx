import { useState } from 'react';
import { useNavigate } from 'react-router';
import { contactName } from '@/pages/conversations/names';
import { useTiles } from '@/pages/conversations/useTiles';
import { text } from '@/text/en';
import { notifyDesktop, playSound, useWays } from './tell';
import { useTitleCount } from './useTitleCount';
import { useWaiting } from './useWaiting';

/** Tells the person of those who wait, on whatever page: in the tab's title, and by sound and notification if wanted. */
export function WaitingWatch() {
  const navigate = useNavigate();
  const [ways] = useWays();
  const [said, setSaid] = useState('');
  useTitleCount(useTiles().data?.waiting ?? 0);
  useWaiting((row) => {
    const begins = text.waiting.begins(contactName(row));
    setSaid(begins);
    if (ways.sound) playSound();
    if (ways.desktop) notifyDesktop(begins, row.id, () => void navigate(`/conversations/${row.id}?waiting=true`));
  });
  return (
    <span role="status" className="sr-only">
      {said}
    </span>
  );
}
