import { Autocomplete, Loader } from '@mantine/core';
import type { Provider } from '@/api/types';
import { useCan } from '@/auth/useMe';
import { text } from '@/text/en';
import { useListedModels } from '../queries';

const t = text.assistants.model;

interface Props {
  /** Whose model it is; none if that is gone. */
  provider?: Provider;
  value: string;
  onChange: (model: string) => void;
  readOnly: boolean;
  error?: string;
}

/** The name of a model. What the provider lists is offered; any other can be typed. */
export function ModelName({ provider, value, onChange, readOnly, error }: Props) {
  const mayAsk = useCan('assistants:write');
  const listed = useListedModels(provider?.id ?? '', mayAsk && !readOnly);
  const entered = provider?.models ?? [];
  const more = (listed.data?.models ?? []).map((m) => m.id).filter((id) => !entered.includes(id));
  const groups = [
    { group: t.modelsEntered, items: [...entered] },
    { group: t.modelsOfProvider, items: [...new Set(more)] },
  ].filter((g) => g.items.length > 0);
  return (
    <Autocomplete
      label={t.model}
      description={`${t.modelHelp} ${stateOf(listed)}`.trim()}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      data={groups}
      limit={200}
      maxDropdownHeight={320}
      rightSection={listed.isFetching ? <Loader size={14} aria-label={t.modelsAsking} /> : undefined}
      value={value}
      onChange={onChange}
      readOnly={readOnly}
      error={error}
    />
  );
}

/** What is known of the provider's list, in words. */
function stateOf(listed: ReturnType<typeof useListedModels>): string {
  if (listed.isFetching) return t.modelsAsking;
  if (listed.error) return t.modelsFailed;
  if (!listed.data) return '';
  return listed.data.listed
    ? t.modelsListed(listed.data.models.length)
    : `${listed.data.message} ${listed.data.hint}`.trim();
}
