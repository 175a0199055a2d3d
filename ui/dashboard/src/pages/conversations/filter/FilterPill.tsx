import { Popover } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconChevronDown } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import classes from './Filter.module.css';

interface Props {
  label: string;
  /** What is chosen, in words; empty when nothing is. */
  value: string;
  width?: number | 'auto';
  children: (close: () => void) => ReactNode;
}

/** A filter as a button that says what is chosen and opens the choice. */
export function FilterPill({ label, value, width = 240, children }: Props) {
  const [opened, { toggle, close }] = useDisclosure(false);
  return (
    <Popover
      opened={opened}
      onChange={(o) => !o && close()}
      position="bottom-start"
      shadow="md"
      width={width === 'auto' ? undefined : width}
      trapFocus
      returnFocus
    >
      <Popover.Target>
        <button type="button" className={classes.pill} data-active={value !== '' || undefined} onClick={toggle}>
          <span className={classes.pillLabel}>{label}</span>
          {value && <span className={classes.pillValue}>{value}</span>}
          <IconChevronDown size={14} stroke={1.8} aria-hidden />
        </button>
      </Popover.Target>
      <Popover.Dropdown>{children(close)}</Popover.Dropdown>
    </Popover>
  );
}
