import { ActionIcon, Button, Group, Menu, SegmentedControl, Stack, Table, Text } from '@mantine/core';
import { IconDots, IconPlus, IconRefresh, IconSend2, IconTemplate, IconTrash } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { api, data } from '@/api/client';
import type { Sender, Template } from '@/api/types';
import { useCan } from '@/auth/useMe';
import { useConfirm } from '@/parts/Confirm';
import { EmptyState } from '@/parts/EmptyState';
import { ErrorState } from '@/parts/ErrorState';
import { PageLoading } from '@/parts/PageLoading';
import { Tag } from '@/parts/Tag';
import { notifyDone } from '@/parts/notify';
import { text } from '@/text/en';
import panel from '../../settings/Panel.module.css';
import classes from '../WhatsApp.module.css';
import { useTemplates } from '../queries';
import { SendTemplate } from './SendTemplate';
import { TemplateEditor } from './editor/TemplateEditor';

const t = text.whatsapp.templates;

const tone = (status: string) =>
  status === 'APPROVED' ? 'good' : ['REJECTED', 'DISABLED', 'PAUSED'].includes(status) ? 'danger' : 'warn';

/** The templates of a number's account: what may be sent, what waits, and why not. */
export default function Templates({ sender }: { sender: Sender }) {
  const client = useQueryClient();
  const templates = useTemplates(sender.id);
  const navigate = useNavigate();
  const [status, setStatus] = useState('all');
  const [creating, setCreating] = useState(false);
  const [sending, setSending] = useState<Template | null>(null);
  const maySync = useCan('conversations:write');
  const mayCreate = useCan('settings:write');
  const sync = useMutation({
    mutationFn: () =>
      data(api.POST('/api/v1/whatsapp/senders/{id}/templates/sync', { params: { path: { id: sender.id } } })),
    onSuccess: (list) => {
      client.setQueryData(['senders', sender.id, 'templates'], list);
      notifyDone(t.synced);
    },
  });
  const all = templates.data?.data ?? [];
  const states = [...new Set(all.map((x) => x.status))].sort();
  const shown = all.filter((x) => status === 'all' || x.status === status);
  return (
    <Stack gap="md">
      <Group justify="space-between" gap="xs">
        <Text size="sm" c="dimmed" maw={520}>
          {t.note}
        </Text>
        <Group gap="xs">
          {maySync && (
            <Button
              variant="default"
              leftSection={<IconRefresh size={16} />}
              loading={sync.isPending}
              onClick={() => sync.mutate()}
            >
              {t.sync}
            </Button>
          )}
          {mayCreate && (
            <Button leftSection={<IconPlus size={16} />} onClick={() => setCreating(true)}>
              {t.create}
            </Button>
          )}
        </Group>
      </Group>
      {states.length > 1 && (
        <SegmentedControl
          size="xs"
          aria-label={t.filter}
          style={{ alignSelf: 'flex-start' }}
          value={status}
          onChange={setStatus}
          data={[{ value: 'all', label: t.all }, ...states.map((s) => ({ value: s, label: words(s) }))]}
        />
      )}
      {templates.error ? (
        <ErrorState error={templates.error} onRetry={() => void templates.refetch()} />
      ) : templates.isPending ? (
        <PageLoading />
      ) : shown.length === 0 ? (
        <EmptyState icon={IconTemplate} title={t.empty} />
      ) : (
        <div className={`${panel.panel} ${panel.scroll}`} tabIndex={0} role="region" aria-label={t.title}>
          <Table className={panel.table}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t.columns.name}</Table.Th>
                <Table.Th>{t.columns.language}</Table.Th>
                <Table.Th>{t.columns.category}</Table.Th>
                <Table.Th>{t.columns.status}</Table.Th>
                <Table.Th>{t.columns.quality}</Table.Th>
                <Table.Th>
                  <span className="sr-only">{text.common.more}</span>
                </Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {shown.map((x) => (
                <Table.Tr key={x.id}>
                  <Table.Td className={panel.name}>{x.name}</Table.Td>
                  <Table.Td>{x.language}</Table.Td>
                  <Table.Td>{t.form.categories[x.category]}</Table.Td>
                  <Table.Td>
                    <Tag tone={tone(x.status)}>{words(x.status)}</Tag>
                    {x.reason && <div className={classes.quiet}>{x.reason}</div>}
                  </Table.Td>
                  <Table.Td>{text.whatsapp.quality[x.quality]}</Table.Td>
                  <Table.Td>
                    <Actions sender={sender.id} template={x} onSend={() => setSending(x)} />
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </div>
      )}
      {creating && <TemplateEditor sender={sender.id} onClose={() => setCreating(false)} />}
      {sending && (
        <SendTemplate
          sender={sender.id}
          template={sending}
          onClose={() => setSending(null)}
          onSent={(conversation) => void navigate(`/conversations/${conversation}`)}
        />
      )}
    </Stack>
  );
}

/** Meta's word as a person reads it: "In appeal". */
const words = (status: string) => status.charAt(0) + status.slice(1).toLowerCase().replaceAll('_', ' ');

function Actions({ sender, template: x, onSend }: { sender: string; template: Template; onSend: () => void }) {
  const client = useQueryClient();
  const confirm = useConfirm();
  const maySend = useCan('conversations:write');
  const mayDelete = useCan('settings:write');
  const remove = useMutation({
    mutationFn: () =>
      data(
        api.DELETE('/api/v1/whatsapp/senders/{id}/templates/{template_id}', {
          params: { path: { id: sender, template_id: x.id } },
        }),
      ),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ['senders', sender, 'templates'] });
      notifyDone(t.removed);
    },
  });
  const ask = async () => {
    if (await confirm({ title: t.removeTitle(x.name), body: t.removeBody, action: t.remove, danger: true })) {
      remove.mutate();
    }
  };
  if (!maySend && !mayDelete) return null;
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon aria-label={t.actionsFor(x.name)} loading={remove.isPending}>
          <IconDots size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {maySend && (
          <Menu.Item leftSection={<IconSend2 size={16} />} disabled={!x.sendable} onClick={onSend}>
            {t.send}
          </Menu.Item>
        )}
        {mayDelete && (
          <Menu.Item color="red" leftSection={<IconTrash size={16} />} onClick={() => void ask()}>
            {t.remove}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
