import { useCallback, useMemo, useState } from 'react';
import { useMutation } from '@tanstack/react-query';
import { api, data } from '@/api/client';
import { ApiError } from '@/api/error';
import type { Widget, WidgetSettings } from '@/api/types';
import { notifyDone } from '@/parts/notify';
import { text } from '@/text/en';
import { useKeepWidget } from './queries';

interface Values {
  name: string;
  assistant_id: string;
  settings: WidgetSettings;
}

export interface WidgetDraft extends Values {
  widget: Widget;
  readOnly: boolean;
  dirty: boolean;
  saving: boolean;
  error: Error | null;
  set: (patch: Partial<Values>) => void;
  setSettings: (patch: Partial<WidgetSettings>) => void;
  reset: () => void;
  save: () => void;
  /** What the server found wrong with a setting, by its path. */
  problem: (path: string) => string | undefined;
}

const valuesOf = (widget: Widget): Values => ({
  name: widget.name,
  assistant_id: widget.assistant?.id ?? '',
  settings: widget.settings,
});

/** A widget as it is being edited. */
export function useWidgetDraft(widget: Widget, readOnly: boolean): WidgetDraft {
  const [values, setValues] = useState<Values>(() => valuesOf(widget));
  const keep = useKeepWidget();
  const save = useMutation({
    mutationFn: () => data(api.PUT('/api/v1/widgets/{id}', { params: { path: { id: widget.id } }, body: values })),
    onSuccess: (saved) => {
      keep(saved);
      setValues(valuesOf(saved));
      notifyDone(text.widgets.saved);
    },
    meta: { quiet: true },
  });
  const { error, reset: forget, mutate, isPending } = save;
  const problems = useMemo(() => {
    const found = new Map<string, string>();
    if (error instanceof ApiError)
      for (const f of error.fields) found.set(f.path.replace(/^settings\./, ''), f.message);
    return found;
  }, [error]);
  const set = useCallback((patch: Partial<Values>) => setValues((now) => ({ ...now, ...patch })), []);
  const setSettings = useCallback(
    (patch: Partial<WidgetSettings>) => setValues((now) => ({ ...now, settings: { ...now.settings, ...patch } })),
    [],
  );
  return {
    ...values,
    widget,
    readOnly,
    dirty: JSON.stringify(values) !== JSON.stringify(valuesOf(widget)),
    saving: isPending,
    error,
    set,
    setSettings,
    reset: () => {
      setValues(valuesOf(widget));
      forget();
    },
    save: () => mutate(),
    problem: (path) => problems.get(path),
  };
}
