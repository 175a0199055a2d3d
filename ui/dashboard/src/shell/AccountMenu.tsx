import { Avatar, Menu, Text, VisuallyHidden, useMantineColorScheme } from '@mantine/core';
import {
  IconBook2,
  IconCheck,
  IconDeviceDesktop,
  IconKeyboard,
  IconLogout,
  IconMoon,
  IconSun,
  IconUserCircle,
} from '@tabler/icons-react';
import { useMe, useSignOut } from '@/auth/useMe';
import { text } from '@/text/en';
import { WaitingMenu } from '@/waiting/WaitingMenu';
import classes from './Shell.module.css';

interface Props {
  onHelp: () => void;
  compact?: boolean;
}

const appearances = [
  { value: 'light', icon: IconSun, name: text.shell.lightMode },
  { value: 'auto', icon: IconDeviceDesktop, name: text.shell.autoMode },
  { value: 'dark', icon: IconMoon, name: text.shell.darkMode },
] as const;

/** Who is signed in and what belongs to the person: appearance, help, signing out. */
export function AccountMenu({ onHelp, compact }: Props) {
  const { data: me } = useMe();
  const signOut = useSignOut();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const name = me?.member?.name ?? '';
  return (
    <Menu position={compact ? 'top-end' : 'right-end'} width={252} shadow="md">
      <Menu.Target>
        {compact ? (
          <button type="button" className={classes.tab}>
            <IconUserCircle size={21} stroke={1.7} aria-hidden />
            {text.nav.you}
          </button>
        ) : (
          <button type="button" className={classes.account}>
            <VisuallyHidden>{text.shell.account}</VisuallyHidden>
            <Avatar size={32} radius="xl" color="harbour" variant="light" name={name} aria-hidden />
            <span style={{ minWidth: 0 }}>
              <span className={classes.accountName}>{name}</span>
              <span className={classes.accountPlace}>{me?.workspace.name}</span>
            </span>
          </button>
        )}
      </Menu.Target>
      <Menu.Dropdown>
        <div style={{ padding: '6px 12px 8px' }}>
          <Text size="sm" fw={560} truncate>
            {me?.member?.email}
          </Text>
          <Text size="xs" c="dimmed">
            {me?.member ? text.roles[me.member.role] : ''}
          </Text>
        </div>
        <Menu.Divider />
        <Menu.Label>{text.shell.appearance}</Menu.Label>
        {appearances.map(({ value, icon: Icon, name: label }) => (
          <Menu.Item
            key={value}
            closeMenuOnClick={false}
            leftSection={<Icon size={16} />}
            rightSection={colorScheme === value ? <IconCheck size={15} /> : null}
            onClick={() => setColorScheme(value)}
          >
            {label}
            {colorScheme === value && <span className="sr-only"> ({text.shell.chosen})</span>}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <WaitingMenu />
        <Menu.Divider />
        <Menu.Item leftSection={<IconKeyboard size={16} />} onClick={onHelp} visibleFrom="sm">
          {text.keyboard.open}
        </Menu.Item>
        <Menu.Item leftSection={<IconBook2 size={16} />} component="a" href="/docs" target="_blank">
          {text.shell.apiDocs}
        </Menu.Item>
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => void signOut()}>
          {text.shell.signOut}
        </Menu.Item>
        <Menu.Divider />
        <Text size="xs" c="dimmed" px="sm" py={4}>
          {me ? text.shell.version(me.version) : ''}
        </Text>
      </Menu.Dropdown>
    </Menu>
  );
}
