import { Group, Kbd, Modal, Stack, Text, Title } from '@mantine/core';
import { Fragment } from 'react';
import { text } from '@/text/en';
import { modKey } from './modKey';

// Keys of one line are alternatives, except for those that go together.
const joint = (keys: readonly string[]) =>
  keys[0] === 'g' ? text.keyboard.then : keys[0] === 'mod' || keys[0] === 'Shift' ? '+' : text.keyboard.or;

/** The list of keyboard shortcuts. */
export function KeyboardHelp({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} title={text.keyboard.title}>
      <Stack gap="lg">
        {text.keyboard.groups.map((group) => (
          <section key={group.name}>
            <Title order={3} mb={6}>
              {group.name}
            </Title>
            <Stack gap={6}>
              {group.keys.map(({ keys, does }) => (
                <Group key={does} justify="space-between" gap="sm">
                  <Text size="sm">{does}</Text>
                  <Group gap={5}>
                    {keys.map((key, i) => (
                      <Fragment key={key}>
                        {i > 0 && (
                          <Text size="xs" c="dimmed">
                            {joint(keys)}
                          </Text>
                        )}
                        <Kbd>{key === 'mod' ? modKey : key}</Kbd>
                      </Fragment>
                    ))}
                  </Group>
                </Group>
              ))}
            </Stack>
          </section>
        ))}
      </Stack>
    </Modal>
  );
}
