import { Avatar, Menu, SegmentedControl, Text, useMantineColorScheme } from '@mantine/core';
import {
  IconBook2,
  IconDeviceDesktop,
  IconKeyboard,
  IconLogout,
  IconMoon,
  IconSun,
  IconUserCircle,
} from '@tabler/icons-react';
import { useMe, useSignOut } from '@/auth/useMe';
import { text } from '@/text/en';
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
          <button type="button" className={classes.tab} aria-label={text.shell.account(name)}>
            <IconUserCircle size={21} stroke={1.7} aria-hidden />
            {text.nav.you}
          </button>
        ) : (
          <button type="button" className={classes.account} aria-label={text.shell.account(name)}>
            <Avatar size={32} radius="xl" color="harbour" variant="light" name={name} />
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
        <div style={{ padding: '6px 8px' }}>
          <SegmentedControl
            fullWidth
            size="xs"
            aria-label={text.shell.appearance}
            value={colorScheme}
            onChange={(v) => setColorScheme(v as 'light' | 'auto' | 'dark')}
            data={appearances.map(({ value, icon: Icon, name: label }) => ({
              value,
              label: (
                <>
                  <Icon size={16} aria-hidden style={{ display: 'block', margin: '2px auto' }} />
                  <span className="sr-only">{label}</span>
                </>
              ),
            }))}
          />
        </div>
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
