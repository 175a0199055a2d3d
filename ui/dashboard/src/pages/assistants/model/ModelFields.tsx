import { Group, Select, SimpleGrid, Slider, Stack, Switch, Text } from '@mantine/core';
import { IconBook2 } from '@tabler/icons-react';
import type { ModelChoice, Provider } from '@/api/types';
import { Notice } from '@/parts/Notice';
import { text } from '@/text/en';
import type { Problems } from '../check';
import { NotAnLLM } from '../ModelLabel';
import { builtinModel, builtinProvider } from '../types';
import { ModelName } from './ModelName';

const t = text.assistants.model;

interface Props {
  value: ModelChoice;
  onChange: (value: ModelChoice) => void;
  providers: readonly Provider[];
  problems: Problems;
  /** Where the problems of these fields are found. */
  path: 'model' | 'fallback';
  readOnly: boolean;
}

/** A provider, a model of it and its temperature. */
export function ModelFields({ value, onChange, providers, problems, path, readOnly }: Props) {
  const builtin = value.provider_id === builtinProvider;
  const chosen = providers.find((p) => p.id === value.provider_id);
  const options = [
    { value: builtinProvider, label: text.assistants.builtin },
    ...providers.map((p) => ({ value: p.id, label: p.name })),
  ];
  if (!builtin && !chosen && value.provider_id) options.push({ value: value.provider_id, label: t.gone });

  const choose = (id: string | null) => {
    if (!id || id === value.provider_id) return;
    const models = providers.find((p) => p.id === id)?.models ?? [];
    onChange({ provider_id: id, model: id === builtinProvider ? builtinModel : (models[0] ?? '') });
  };
  return (
    <Stack gap="md">
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <Select
          label={t.provider}
          data={options}
          value={value.provider_id || null}
          onChange={choose}
          allowDeselect={false}
          readOnly={readOnly}
          error={problems[`${path}.provider_id`] ?? problems[path]}
        />
        {!builtin && (
          <ModelName
            provider={chosen}
            value={value.model}
            onChange={(model) => onChange({ ...value, model })}
            readOnly={readOnly}
            error={problems[`${path}.model`]}
          />
        )}
      </SimpleGrid>
      {builtin ? (
        <Notice
          tone="quiet"
          icon={<IconBook2 size={18} />}
          title={
            <Group gap={8}>
              {text.assistants.builtin}
              <NotAnLLM />
            </Group>
          }
        >
          {text.assistants.builtinHelp}
        </Notice>
      ) : (
        <Temperature value={value} onChange={onChange} readOnly={readOnly} />
      )}
    </Stack>
  );
}

function Temperature({ value, onChange, readOnly }: Pick<Props, 'value' | 'onChange' | 'readOnly'>) {
  const own = typeof value.temperature === 'number';
  return (
    <div>
      <Switch
        label={t.temperatureOwn}
        description={own ? t.temperatureHelp : t.temperatureDefault}
        checked={own}
        disabled={readOnly}
        onChange={(event) => onChange({ ...value, temperature: event.currentTarget.checked ? 0.7 : undefined })}
      />
      {own && (
        <Group gap="md" mt="md" wrap="nowrap">
          <Text size="xs" c="dimmed">
            {t.rate}
          </Text>
          <Slider
            flex={1}
            maw={420}
            min={0}
            max={2}
            step={0.1}
            value={value.temperature}
            onChange={(temperature) => onChange({ ...value, temperature: Math.round(temperature * 10) / 10 })}
            thumbLabel={t.temperature}
            label={(n) => n.toFixed(1)}
            disabled={readOnly}
          />
          <Text size="xs" c="dimmed">
            {t.rateHigh}
          </Text>
          <Text size="sm" fw={580} className="tabular">
            {value.temperature?.toFixed(1)}
          </Text>
        </Group>
      )}
    </div>
  );
}
