import { ActionIcon, Button, Group, Menu, Tabs } from '@mantine/core';
import { useDocumentTitle, useHotkeys } from '@mantine/hooks';
import { IconDots, IconExternalLink, IconTrash } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import { api, data } from '@/api/client';
import type { Widget } from '@/api/types';
import { useCan } from '@/auth/useMe';
import { LeaveGuard } from '@/pages/assistants/LeaveGuard';
import { useConfirm } from '@/parts/Confirm';
import { ErrorState } from '@/parts/ErrorState';
import { Notice } from '@/parts/Notice';
import { PageBody } from '@/parts/PageBody';
import { PageHeader } from '@/parts/PageHeader';
import { PageLoading } from '@/parts/PageLoading';
import { notifyDone } from '@/parts/notify';
import { text } from '@/text/en';
import { BehaviourTab } from './BehaviourTab';
import { FormTab } from './FormTab';
import { InstallTab } from './InstallTab';
import { LookTab } from './LookTab';
import { Preview } from './Preview';
import { SecurityTab } from './SecurityTab';
import { TextsTab } from './TextsTab';
import { useWidget, widgetsKey } from './queries';
import { type WidgetDraft, useWidgetDraft } from './useWidgetDraft';
import classes from './Widgets.module.css';

const t = text.widgets;

const tabs = [
  { id: 'look', Tab: LookTab },
  { id: 'texts', Tab: TextsTab },
  { id: 'form', Tab: FormTab },
  { id: 'behaviour', Tab: BehaviourTab },
  { id: 'security', Tab: SecurityTab },
  { id: 'install', Tab: InstallTab },
] as const;

export function WidgetPage() {
  const { id = '' } = useParams();
  const widget = useWidget(id);
  const mayWrite = useCan('settings:write');
  if (widget.error) {
    return (
      <PageBody>
        <ErrorState error={widget.error} onRetry={() => void widget.refetch()} />
      </PageBody>
    );
  }
  if (!widget.data) return <PageLoading />;
  return <Editor key={id} widget={widget.data} readOnly={!mayWrite} />;
}

function Editor({ widget, readOnly }: { widget: Widget; readOnly: boolean }) {
  const draft = useWidgetDraft(widget, readOnly);
  const { tab: asked } = useParams();
  const navigate = useNavigate();
  const [deleted, setDeleted] = useState(false);
  const [language, setLanguage] = useState(widget.settings.language);
  const tab = tabs.find(({ id }) => id === asked) ?? tabs[0];
  const save = () => {
    if (!readOnly && draft.dirty && !draft.saving) draft.save();
  };
  useHotkeys([['mod+S', save]], [], true);
  useDocumentTitle(`${draft.name} · ${t.title} · ${text.product}`);
  return (
    <PageBody>
      <PageHeader
        title={widget.name}
        note={widget.assistant?.name ?? t.assistantGone}
        actions={<Actions draft={draft} onSave={save} onDeleted={() => setDeleted(true)} />}
      />
      {draft.error && (
        <Notice tone="danger" title={t.saveFailed}>
          {draft.error.message}
        </Notice>
      )}
      <div className={classes.columns}>
        <div className={classes.fields}>
          <Tabs
            value={tab.id}
            onChange={(id) => void navigate(`/widgets/${widget.id}${id === 'look' ? '' : `/${id}`}`, { replace: true })}
          >
            <Tabs.List mb="lg">
              {tabs.map(({ id }) => (
                <Tabs.Tab key={id} value={id}>
                  {t.tabs[id]}
                </Tabs.Tab>
              ))}
            </Tabs.List>
            {tabs.map(({ id, Tab }) => (
              <Tabs.Panel key={id} value={id} className={classes.fields}>
                {id === tab.id && <Tab draft={draft} language={language} onLanguage={setLanguage} />}
              </Tabs.Panel>
            ))}
          </Tabs>
        </div>
        <Preview draft={draft} language={language} onLanguage={setLanguage} />
      </div>
      <LeaveGuard when={draft.dirty && !deleted} within={`/widgets/${widget.id}`} />
    </PageBody>
  );
}

interface ActionsProps {
  draft: WidgetDraft;
  onSave: () => void;
  onDeleted: () => void;
}

function Actions({ draft, onSave, onDeleted }: ActionsProps) {
  const { widget } = draft;
  const confirm = useConfirm();
  const client = useQueryClient();
  const navigate = useNavigate();
  const remove = useMutation({
    mutationFn: () => data(api.DELETE('/api/v1/widgets/{id}', { params: { path: { id: widget.id } } })),
    onSuccess: () => {
      onDeleted();
      notifyDone(t.removed(widget.name));
      void client.invalidateQueries({ queryKey: widgetsKey, exact: true });
      setTimeout(() => void navigate('/widgets'));
    },
  });
  const ask = async () => {
    const yes = await confirm({
      title: t.removeTitle(widget.name),
      body: t.removeBody,
      action: t.remove,
      danger: true,
    });
    if (yes) remove.mutate();
  };
  return (
    <Group gap="xs">
      <Button
        component="a"
        href={widget.page_url}
        target="_blank"
        rel="noreferrer"
        variant="default"
        leftSection={<IconExternalLink size={16} />}
      >
        {t.openPage}
      </Button>
      {!draft.readOnly && (
        <>
          {draft.dirty && (
            <Button variant="default" onClick={draft.reset}>
              {t.discard}
            </Button>
          )}
          <Button onClick={onSave} disabled={!draft.dirty} loading={draft.saving}>
            {t.save}
          </Button>
          <Menu position="bottom-end" withinPortal>
            <Menu.Target>
              <ActionIcon aria-label={t.actions} loading={remove.isPending} size="lg">
                <IconDots size={18} />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item color="red" leftSection={<IconTrash size={16} />} onClick={() => void ask()}>
                {t.remove}
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        </>
      )}
    </Group>
  );
}
