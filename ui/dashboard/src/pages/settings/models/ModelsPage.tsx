import { ActionIcon, Button, Menu, Text, ThemeIcon } from '@mantine/core';
import { IconBook2, IconCpu, IconDots, IconPencil, IconPlugConnected, IconPlus, IconTrash } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, data } from '@/api/client';
import type { Provider } from '@/api/types';
import { useCan } from '@/auth/useMe';
import { NotAnLLM } from '@/pages/assistants/ModelLabel';
import { useProviders } from '@/pages/assistants/queries';
import { useConfirm } from '@/parts/Confirm';
import { EmptyState } from '@/parts/EmptyState';
import { ErrorState } from '@/parts/ErrorState';
import { PageBody } from '@/parts/PageBody';
import { PageHeader } from '@/parts/PageHeader';
import { PageLoading } from '@/parts/PageLoading';
import { Tag } from '@/parts/Tag';
import { notifyDone } from '@/parts/notify';
import { text } from '@/text/en';
import panel from '../Panel.module.css';
import { useWorkspace } from '../workspace/queries';
import { ProviderEditor } from './ProviderEditor';
import { SpeechForm } from './SpeechForm';

const t = text.settings.models;

/** Where the assistants' models run. */
export default function ModelsPage() {
  const providers = useProviders();
  const workspace = useWorkspace();
  const mayWrite = useCan('settings:write');
  const [editing, setEditing] = useState<Provider | 'new' | null>(null);
  const list = providers.data;
  const add = mayWrite && (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setEditing('new')}>
      {t.add}
    </Button>
  );
  return (
    <PageBody>
      <PageHeader title={t.title} note={t.subtitle} actions={list && list.length > 0 && add} />
      <div className={panel.panel}>
        <div className={panel.row}>
          <ThemeIcon variant="light" color="gray" size={38} radius="md">
            <IconBook2 size={20} stroke={1.6} />
          </ThemeIcon>
          <div className={panel.main}>
            <span className={panel.name}>{t.builtin}</span> <NotAnLLM />
            <Text size="sm" c="dimmed">
              {t.builtinBody}
            </Text>
          </div>
        </div>
        {list?.map((provider) => (
          <ProviderRow key={provider.id} provider={provider} mayWrite={mayWrite} onEdit={() => setEditing(provider)} />
        ))}
      </div>
      {providers.error ? (
        <ErrorState error={providers.error} title={t.loadFailed} onRetry={() => void providers.refetch()} />
      ) : !list ? (
        <PageLoading />
      ) : list.length === 0 ? (
        <EmptyState icon={IconPlugConnected} title={t.emptyTitle} actions={add}>
          {t.emptyBody}
        </EmptyState>
      ) : null}
      {list && workspace.data && <SpeechForm workspace={workspace.data} providers={list} />}
      {editing && (
        <ProviderEditor provider={editing === 'new' ? undefined : editing} onClose={() => setEditing(null)} />
      )}
    </PageBody>
  );
}

interface RowProps {
  provider: Provider;
  mayWrite: boolean;
  onEdit: () => void;
}

function ProviderRow({ provider, mayWrite, onEdit }: RowProps) {
  const confirm = useConfirm();
  const client = useQueryClient();
  const remove = useMutation({
    mutationFn: () => data(api.DELETE('/api/v1/providers/{id}', { params: { path: { id: provider.id } } })),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ['providers'] });
      notifyDone(t.removed(provider.name));
    },
  });
  const ask = async () => {
    const yes = await confirm({
      title: t.removeTitle(provider.name),
      body: t.removeBody,
      action: t.remove,
      danger: true,
    });
    if (yes) remove.mutate();
  };
  const models = provider.models.length > 0 ? provider.models.join(', ') : t.anyModel;
  return (
    <div className={panel.row}>
      <ThemeIcon variant="light" size={38} radius="md">
        <IconCpu size={20} stroke={1.6} />
      </ThemeIcon>
      <div className={panel.main}>
        <span className={panel.name}>{provider.name}</span>
        <Text size="sm" c="dimmed" truncate>
          {provider.base_url}
        </Text>
        <Text size="xs" c="dimmed" truncate>
          {models}
        </Text>
      </div>
      <Tag tone={provider.has_key ? 'good' : 'quiet'}>{provider.has_key ? t.hasKey : t.noKey}</Tag>
      {mayWrite && (
        <>
          <Button variant="default" size="compact-sm" leftSection={<IconPlugConnected size={15} />} onClick={onEdit}>
            {t.test}
          </Button>
          <Menu position="bottom-end" withinPortal>
            <Menu.Target>
              <ActionIcon aria-label={t.actionsFor(provider.name)} loading={remove.isPending}>
                <IconDots size={18} />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item leftSection={<IconPencil size={16} />} onClick={onEdit}>
                {t.edit}
              </Menu.Item>
              <Menu.Divider />
              <Menu.Item color="red" leftSection={<IconTrash size={16} />} onClick={() => void ask()}>
                {t.remove}
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        </>
      )}
    </div>
  );
}
