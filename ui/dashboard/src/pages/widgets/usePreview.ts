import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { api, data } from '@/api/client';
import type { WidgetDraft } from './useWidgetDraft';

/** The part of a visitor's configuration that the dashboard looks at itself. */
interface Config {
  texts: Record<string, string>;
}

/** What visitors would be told if the settings were saved, with a token of Test Chat. */
export function usePreview(draft: WidgetDraft, language: string) {
  const [settings] = useDebouncedValue(draft.settings, 300);
  const { id } = draft.widget;
  return useQuery({
    queryKey: ['widgets', id, 'preview', language, settings],
    queryFn: async ({ signal }) => {
      const body = draft.dirty ? { settings, language } : { language };
      const shown = await data(api.POST('/api/v1/widgets/{id}/preview', { params: { path: { id } }, body, signal }));
      return { ...shown, config: shown.config as Config };
    },
    placeholderData: keepPreviousData,
    retry: false,
    staleTime: 60 * 60 * 1000,
    meta: { quiet: true },
  });
}
