import { Button, Group, Modal, Text } from '@mantine/core';
import { useCallback } from 'react';
import { type Location, useBeforeUnload, useBlocker } from 'react-router';
import { text } from '@/text/en';

const t = text.assistants.leave;

interface Props {
  /** Whether there is something to lose. */
  when: boolean;
  /** Paths below this one may be visited. */
  within: string;
}

/** Asks before a page with unsaved changes is left. */
export function LeaveGuard({ when, within }: Props) {
  const inside = (location: Location) => location.pathname === within || location.pathname.startsWith(`${within}/`);
  const blocker = useBlocker(({ nextLocation }) => when && !inside(nextLocation));
  useBeforeUnload(
    useCallback(
      (event) => {
        if (when) event.preventDefault();
      },
      [when],
    ),
  );
  return (
    <Modal opened={blocker.state === 'blocked'} onClose={() => blocker.reset?.()} title={t.title}>
      <Text size="sm">{t.body}</Text>
      <Group justify="flex-end" gap="xs" mt="lg">
        <Button variant="default" onClick={() => blocker.proceed?.()}>
          {t.go}
        </Button>
        <Button onClick={() => blocker.reset?.()} data-autofocus>
          {t.stay}
        </Button>
      </Group>
    </Modal>
  );
}
