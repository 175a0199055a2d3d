import { Button, Group } from '@mantine/core';
import { notifications } from '@mantine/notifications';

/** Tells of something that was removed and offers, for a while, to bring it back. */
export function notifyUndo(message: string, label: string, undo: () => void) {
  const id = notifications.show({
    autoClose: 10_000,
    message: (
      <Group justify="space-between" wrap="nowrap" gap="sm">
        <span>{message}</span>
        <Button
          size="compact-sm"
          variant="light"
          onClick={() => {
            notifications.hide(id);
            undo();
          }}
        >
          {label}
        </Button>
      </Group>
    ),
  });
}
