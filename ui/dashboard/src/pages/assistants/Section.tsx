import { Group, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './Section.module.css';

interface Props {
  title: string;
  note?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
  /** Puts the children on a panel. */
  panel?: boolean;
}

/** A titled part of a tab. */
export function Section({ title, note, actions, children, panel }: Props) {
  return (
    <section className={classes.section}>
      <Group justify="space-between" align="flex-end" gap="sm">
        <div className={classes.head}>
          <Title order={2}>{title}</Title>
          {note && (
            <Text size="sm" c="dimmed" component="div">
              {note}
            </Text>
          )}
        </div>
        {actions && <Group gap="xs">{actions}</Group>}
      </Group>
      {panel ? <div className={classes.panel}>{children}</div> : children}
    </section>
  );
}
