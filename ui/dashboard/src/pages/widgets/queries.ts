import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { api, data } from '@/api/client';
import type { Widget } from '@/api/types';

export const widgetsKey = ['widgets'] as const;
export const widgetKey = (id: string) => ['widgets', id] as const;

export function useWidgets() {
  return useQuery({
    queryKey: widgetsKey,
    queryFn: ({ signal }) => data(api.GET('/api/v1/widgets', { signal })),
    select: (list) => list.data,
  });
}

export function useWidget(id: string) {
  return useQuery({
    queryKey: widgetKey(id),
    queryFn: ({ signal }) => data(api.GET('/api/v1/widgets/{id}', { params: { path: { id } }, signal })),
  });
}

/** Puts a widget that the server has just given into what is shown. */
export function useKeepWidget() {
  const client = useQueryClient();
  return useCallback(
    (widget: Widget) => {
      client.setQueryData(widgetKey(widget.id), widget);
      void client.invalidateQueries({ queryKey: widgetsKey, exact: true });
    },
    [client],
  );
}
