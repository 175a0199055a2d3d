import { ActionIcon, Avatar, Group, Menu, Select, Table, Text, Tooltip } from '@mantine/core';
import { IconDots, IconUserCheck, IconUserOff, IconUserX } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, data } from '@/api/client';
import type { Member, Role } from '@/api/types';
import { useMe } from '@/auth/useMe';
import { useConfirm } from '@/parts/Confirm';
import { RelativeTime } from '@/parts/RelativeTime';
import { Tag } from '@/parts/Tag';
import { notifyDone } from '@/parts/notify';
import { text } from '@/text/en';
import panel from '../Panel.module.css';
import { givableRoles, mayChange } from './roles';

const t = text.settings.members;

export function MemberTable({ members }: { members: Member[] }) {
  return (
    <div className={panel.panel}>
      <Table verticalSpacing="sm" horizontalSpacing="md" className={panel.table}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t.columns.member}</Table.Th>
            <Table.Th>{t.columns.role}</Table.Th>
            <Table.Th className={panel.wide}>{t.columns.seen}</Table.Th>
            <Table.Th>
              <span className="sr-only">{t.columns.actions}</span>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {members.map((member) => (
            <Row key={member.id} member={member} />
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}

function Row({ member }: { member: Member }) {
  const me = useMe().data?.member;
  const mine = me?.id === member.id;
  const allowed = mayChange(me?.role, member.role);
  const { change, remove } = useMemberActions(member);
  return (
    <Table.Tr>
      <Table.Td className={panel.grow}>
        <Group gap="sm" wrap="nowrap">
          <Avatar name={member.name} color="harbour" size={34} aria-hidden />
          <div style={{ minWidth: 0 }}>
            <Text size="sm" fw={580} truncate>
              {member.name}
              {mine && (
                <Text span size="sm" c="dimmed" fw={400}>
                  {` (${t.you})`}
                </Text>
              )}
            </Text>
            <Text size="xs" c="dimmed" truncate>
              {member.email}
            </Text>
          </div>
          {member.disabled && <Tag>{t.disabled}</Tag>}
        </Group>
      </Table.Td>
      <Table.Td>
        {allowed ? (
          <RoleSelect member={member} onChange={(role) => change.mutate({ role })} pending={change.isPending} />
        ) : (
          <Tooltip label={t.ownersOnly}>
            <Text size="sm" span tabIndex={0}>
              {t.roles[member.role].label}
            </Text>
          </Tooltip>
        )}
      </Table.Td>
      <Table.Td className={panel.wide}>
        {member.last_seen_at ? <RelativeTime at={member.last_seen_at} /> : <Text size="sm">{t.never}</Text>}
      </Table.Td>
      <Table.Td ta="right">
        {allowed && !mine && (
          <MemberMenu member={member} change={(changes) => change.mutate(changes)} remove={() => remove.mutate()} />
        )}
      </Table.Td>
    </Table.Tr>
  );
}

interface Changes {
  role?: Role;
  disabled?: boolean;
}

function useMemberActions(member: Member) {
  const client = useQueryClient();
  const again = () => client.invalidateQueries({ queryKey: ['members'] });
  const path = { id: member.id };
  const change = useMutation({
    mutationFn: (changes: Changes) => data(api.PATCH('/api/v1/members/{id}', { params: { path }, body: changes })),
    onSuccess: (saved, changes) => {
      if (changes.role) notifyDone(t.roleChanged(saved.name, t.roles[saved.role].label));
      else notifyDone(saved.disabled ? t.wasDisabled(saved.name) : t.wasEnabled(saved.name));
    },
    onSettled: again,
  });
  const remove = useMutation({
    mutationFn: () => data(api.DELETE('/api/v1/members/{id}', { params: { path } })),
    onSuccess: () => notifyDone(t.wasRemoved(member.name)),
    onSettled: again,
  });
  return { change, remove };
}

interface RoleSelectProps {
  member: Member;
  pending: boolean;
  onChange: (role: Role) => void;
}

function RoleSelect({ member, pending, onChange }: RoleSelectProps) {
  const mine = useMe().data?.member?.role;
  return (
    <Select
      aria-label={t.changeRole(member.name)}
      data={givableRoles(mine).map((role) => ({ value: role, label: t.roles[role].label }))}
      value={member.role}
      allowDeselect={false}
      disabled={pending}
      w={{ base: 112, sm: 132 }}
      onChange={(role) => role && role !== member.role && onChange(role as Role)}
      comboboxProps={{ width: 300, position: 'bottom-start' }}
      renderOption={({ option }) => (
        <div>
          <Text size="sm" fw={560}>
            {option.label}
          </Text>
          <Text size="xs" c="dimmed">
            {t.roles[option.value as Role].help}
          </Text>
        </div>
      )}
    />
  );
}

interface MenuProps {
  member: Member;
  change: (changes: Changes) => void;
  remove: () => void;
}

function MemberMenu({ member, change, remove }: MenuProps) {
  const confirm = useConfirm();
  const askDisable = async () => {
    const question = {
      title: t.disableTitle(member.name),
      body: t.disableBody,
      action: t.disable,
      danger: true,
    };
    if (await confirm(question)) change({ disabled: true });
  };
  const askRemove = async () => {
    const question = {
      title: t.removeTitle(member.name),
      body: t.removeBody,
      action: t.remove,
      danger: true,
    };
    if (await confirm(question)) remove();
  };
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon aria-label={t.actionsFor(member.name)}>
          <IconDots size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {member.disabled ? (
          <Menu.Item leftSection={<IconUserCheck size={16} />} onClick={() => change({ disabled: false })}>
            {t.enable}
          </Menu.Item>
        ) : (
          <Menu.Item leftSection={<IconUserOff size={16} />} onClick={() => void askDisable()}>
            {t.disable}
          </Menu.Item>
        )}
        <Menu.Divider />
        <Menu.Item color="red" leftSection={<IconUserX size={16} />} onClick={() => void askRemove()}>
          {t.remove}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
