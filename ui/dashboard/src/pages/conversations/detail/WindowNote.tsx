import { Button } from '@mantine/core';
import { IconClockHour4, IconClockOff, IconTemplate } from '@tabler/icons-react';
import { Suspense, lazy, useState } from 'react';
import type { Conversation } from '@/api/types';
import { useCan } from '@/auth/useMe';
import { text } from '@/text/en';
import { useNow, windowState } from '../window';
import classes from './Composer.module.css';

const t = text.conversations.window;

const SendTemplate = lazy(async () => ({
  default: (await import('@/pages/whatsapp/templates/SendTemplate')).SendTemplate,
}));

/** For how long WhatsApp allows free-form messages, and the way to send a template. */
export function WindowNote({ conversation: c }: { conversation: Conversation }) {
  const now = useNow(1000);
  const mayWrite = useCan('conversations:write');
  const [choosing, setChoosing] = useState(false);
  const state = windowState(c, now);
  if (!state || !c.sender) return null;
  const Icon = state.open ? IconClockHour4 : IconClockOff;
  return (
    <div
      className={classes.window}
      data-open={state.open || undefined}
      data-soon={(state.open && state.soon) || undefined}
    >
      <Icon size={15} stroke={1.8} aria-hidden />
      <span className="tabular">
        {state.open ? (state.soon ? t.closing(state.left) : t.open(state.left, state.until)) : state.closed}
      </span>
      {mayWrite && (
        <Button
          size="compact-xs"
          variant={state.open ? 'subtle' : 'filled'}
          leftSection={<IconTemplate size={14} stroke={1.8} />}
          onClick={() => setChoosing(true)}
        >
          {t.template}
        </Button>
      )}
      {choosing && (
        <Suspense>
          <SendTemplate sender={c.sender.id} conversation={c.id} onClose={() => setChoosing(false)} />
        </Suspense>
      )}
    </div>
  );
}

/** Whether the conversation takes free-form messages now; always true where there are no windows. */
export function useWindowOpen(c: Conversation): boolean {
  const state = windowState(c, useNow(1000));
  return !state || state.open;
}
