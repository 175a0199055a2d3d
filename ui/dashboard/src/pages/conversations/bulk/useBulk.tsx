import { Button, Group } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { type QueryClient, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { api, data } from '@/api/client';
import type { Bulk, StartBulk } from '@/api/types';
import { notifyError } from '@/parts/notify';
import { number } from '@/parts/number';
import { text } from '@/text/en';

const t = text.bulk;

// How often a person who looks sees it move.
const lookEvery = 700;

// What is shown already, by id.
const followed = new Set<string>();

/** Begins something, and shows how it goes. */
export function useBulk() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: StartBulk) => data(api.POST('/api/v1/bulk', { body })),
    onSuccess: (run) => follow(client, run),
  });
}

/** Shows what is still under way, also after the page was loaded anew. */
export function useRunning() {
  const client = useQueryClient();
  const runs = useQuery({
    queryKey: ['bulk'],
    queryFn: ({ signal }) => data(api.GET('/api/v1/bulk', { params: { query: { limit: 5 } }, signal })),
    staleTime: 60_000,
  }).data;
  useEffect(() => {
    for (const run of runs?.data ?? []) if (!run.finished_at) follow(client, run);
  }, [runs, client]);
}

/** Shows a run until it is finished, and then what came of it. */
function follow(client: QueryClient, run: Bulk) {
  if (followed.has(run.id)) return;
  followed.add(run.id);
  const id = `bulk-${run.id}`;
  notifications.show({ id, loading: true, autoClose: false, withCloseButton: false, message: <Running run={run} /> });
  const look = async () => {
    try {
      const now = await data(api.GET('/api/v1/bulk/{id}', { params: { path: { id: run.id } } }));
      if (!now.finished_at) {
        notifications.update({
          id,
          loading: true,
          autoClose: false,
          withCloseButton: false,
          message: <Running run={now} />,
        });
        setTimeout(() => void look(), lookEvery);
        return;
      }
      notifications.update({
        id,
        loading: false,
        autoClose: 12_000,
        withCloseButton: true,
        message: <Finished run={now} onUndo={() => undo(client, now)} />,
      });
      void client.invalidateQueries({ queryKey: ['conversations'] });
      void client.invalidateQueries({ queryKey: ['tags'] });
    } catch (error) {
      notifications.hide(id);
      notifyError(error);
    }
  };
  setTimeout(() => void look(), lookEvery / 2);
}

function undo(client: QueryClient, run: Bulk) {
  notifications.hide(`bulk-${run.id}`);
  data(api.POST('/api/v1/bulk/{id}/undo', { params: { path: { id: run.id } } }))
    .then((back) => follow(client, back))
    .catch(notifyError);
}

function Running({ run }: { run: Bulk }) {
  const cancel = () => {
    data(api.POST('/api/v1/bulk/{id}/cancel', { params: { path: { id: run.id } } })).catch(notifyError);
  };
  const done = number(run.done);
  return (
    <Group justify="space-between" wrap="nowrap" gap="sm">
      <span className="tabular">
        {t.running[run.action]}: {run.total === null ? t.soFar(done) : t.progress(done, number(run.total))}
      </span>
      <Button size="compact-sm" variant="default" onClick={cancel}>
        {t.cancel}
      </Button>
    </Group>
  );
}

function Finished({ run, onUndo }: { run: Bulk; onUndo: () => void }) {
  const failed = run.failures.map((f) => t.failed(number(f.count), f.reason)).join(' ');
  const changed = run.changed > 0 ? t.done[run.action](number(run.changed), run.changed === 1) : t.nothing;
  return (
    <Group justify="space-between" wrap="nowrap" gap="sm">
      <span>
        {run.state === 'canceled' ? `${t.canceled} ` : ''}
        {changed} {failed}
      </span>
      {run.can_undo && (
        <Button size="compact-sm" variant="light" onClick={onUndo}>
          {t.undo}
        </Button>
      )}
    </Group>
  );
}
