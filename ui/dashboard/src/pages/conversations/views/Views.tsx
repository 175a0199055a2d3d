import { ActionIcon, Button, Menu } from '@mantine/core';
import {
  IconArrowLeft,
  IconArrowRight,
  IconBookmarkPlus,
  IconChecks,
  IconDots,
  IconPencil,
  IconRefresh,
  IconTrash,
  IconUsers,
} from '@tabler/icons-react';
import { useState } from 'react';
import { Link } from 'react-router';
import type { SavedView } from '@/api/types';
import { useCan } from '@/auth/useMe';
import { useDeleteView, useOrderViews, useSaveView, useViews } from '@/desk/queries';
import { useConfirm } from '@/parts/Confirm';
import { notifyDone, notifyError } from '@/parts/notify';
import { text } from '@/text/en';
import { type Filters, countFilters, readFilters, writeFilters } from '../filters';
import { useReadAll } from '../useReadAll';
import { ViewForm } from './ViewForm';
import classes from './Views.module.css';
import { useViewCount } from './useViewCount';

const t = text.desk.views;

interface Props {
  filters: Filters;
  /** The conversation that is open; a view keeps it. */
  open: string;
}

/** The saved views of the list with how much is in each; the filters that are set can be saved as one. */
export function Views({ filters, open }: Props) {
  const views = useViews().data?.data ?? [];
  const readAll = useReadAll();
  const [form, setForm] = useState<{ view?: SavedView } | null>(null);
  const query = writeFilters(filters).toString();
  const set = countFilters(filters) > 0;
  const current = views.find((v) => sameFilter(v.filter, query));
  const at = (filter: string) => `/conversations${open ? `/${open}` : ''}${filter ? `?${filter}` : ''}`;
  return (
    <nav className={classes.views} aria-label={t.label}>
      <div className={classes.strip}>
        <Link to={at('')} className={classes.view} aria-current={!set ? 'page' : undefined}>
          {t.all}
        </Link>
        {views.map((view) => (
          <ViewLink key={view.id} view={view} to={at(view.filter)} current={view === current} />
        ))}
      </div>
      {set && !current && (
        <Button
          className={classes.save}
          size="compact-sm"
          variant="subtle"
          leftSection={<IconBookmarkPlus size={15} stroke={1.8} />}
          onClick={() => setForm({})}
        >
          {t.save}
        </Button>
      )}
      {current ? (
        <ViewMenu view={current} views={views} onRename={() => setForm({ view: current })} />
      ) : (
        <Menu position="bottom-end" shadow="md">
          <Menu.Target>
            <ActionIcon size="md" aria-label={text.common.more}>
              <IconDots size={17} stroke={1.8} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item leftSection={<IconChecks size={16} />} onClick={() => readAll.mutate()}>
              {text.desk.read.readAll}
            </Menu.Item>
            {views
              .filter(() => set)
              .map((view) => (
                <UpdateItem key={view.id} view={view} filter={query} />
              ))}
          </Menu.Dropdown>
        </Menu>
      )}
      {form && <ViewForm view={form.view} filter={query} onClose={() => setForm(null)} />}
    </nav>
  );
}

// Two queries that show the same, whatever the order that they were written in.
function sameFilter(a: string, b: string): boolean {
  const norm = (filter: string) => writeFilters(readFilters(new URLSearchParams(filter))).toString();
  return norm(a) === norm(b);
}

function ViewLink({ view, to, current }: { view: SavedView; to: string; current: boolean }) {
  const count = useViewCount(view.filter);
  return (
    <Link to={to} className={classes.view} aria-current={current ? 'page' : undefined}>
      {view.shared && <IconUsers size={13} stroke={1.8} aria-label={t.forAll} role="img" />}
      <span className={classes.name}>{view.name}</span>
      {count && (
        <span className={classes.count} title={t.counted(count.count, count.more)}>
          {t.count(count.count, count.more)}
        </span>
      )}
    </Link>
  );
}

// Who may change a view: everybody their own, editors and higher those that everybody sees.
function useMayChange() {
  const shares = useCan('assistants:write');
  return (view: SavedView) => !view.shared || shares;
}

function UpdateItem({ view, filter }: { view: SavedView; filter: string }) {
  const may = useMayChange();
  const save = useSaveView();
  if (!may(view)) return null;
  return (
    <Menu.Item
      leftSection={<IconRefresh size={16} />}
      onClick={() =>
        save.mutate(
          { id: view.id, name: view.name, shared: view.shared, filter },
          { onSuccess: () => notifyDone(t.updated), onError: notifyError },
        )
      }
    >
      {view.name}: {t.update}
    </Menu.Item>
  );
}

function ViewMenu({ view, views, onRename }: { view: SavedView; views: SavedView[]; onRename: () => void }) {
  const may = useMayChange();
  const confirm = useConfirm();
  const order = useOrderViews();
  const remove = useDeleteView();
  if (!may(view)) return null;
  const kind = views.filter((v) => v.shared === view.shared).map((v) => v.id);
  const place = kind.indexOf(view.id);
  const move = (by: number) => {
    const ids = kind.filter((id) => id !== view.id);
    ids.splice(place + by, 0, view.id);
    order.mutate({ ids, shared: view.shared });
  };
  const askRemove = async () => {
    const body = view.shared ? t.deleteShared : t.deleteOwn;
    if (await confirm({ title: t.deleteTitle, body, action: t.delete, danger: true })) remove.mutate(view.id);
  };
  return (
    <Menu position="bottom-end" shadow="md">
      <Menu.Target>
        <ActionIcon size="md" aria-label={t.more(view.name)}>
          <IconDots size={17} stroke={1.8} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconPencil size={16} />} onClick={onRename}>
          {t.rename}
        </Menu.Item>
        <Menu.Item leftSection={<IconArrowLeft size={16} />} disabled={place === 0} onClick={() => move(-1)}>
          {t.left}
        </Menu.Item>
        <Menu.Item
          leftSection={<IconArrowRight size={16} />}
          disabled={place === kind.length - 1}
          onClick={() => move(1)}
        >
          {t.right}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item color="red" leftSection={<IconTrash size={16} />} onClick={() => void askRemove()}>
          {t.delete}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
