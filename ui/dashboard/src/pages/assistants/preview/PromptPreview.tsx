import { Modal, Select, Stack, Text, TextInput, Textarea } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, data } from '@/api/client';
import type { AssistantConfig, Source } from '@/api/types';
import { ErrorState } from '@/parts/ErrorState';
import { PageLoading } from '@/parts/PageLoading';
import { text } from '@/text/en';
import { PresetField } from '../testchat/PresetField';
import type { PresetValue } from '../testchat/useTestChat';
import classes from './PromptPreview.module.css';
import { Result } from './Result';

const t = text.workshop.preview;

interface Sample {
  source: Source;
  name: string;
  phone: string;
  question: string;
  values: Record<string, PresetValue>;
}

interface Props {
  assistantID: string;
  /** What is in the fields, saved or not. */
  config: AssistantConfig;
  onClose: () => void;
}

/** What a model would be sent, with sample values in its placeholders. */
export function PromptPreview({ assistantID, config, onClose }: Props) {
  const [sample, setSample] = useState<Sample>({ source: 'test', name: '', phone: '', question: '', values: {} });
  const [settled] = useDebouncedValue(sample, 250);
  const change = (changes: Partial<Sample>) => setSample((old) => ({ ...old, ...changes }));
  const preview = useQuery({
    queryKey: ['assistants', assistantID, 'preview', config, settled],
    queryFn: ({ signal }) =>
      data(
        api.POST('/api/v1/assistants/{id}/preview', {
          params: { path: { id: assistantID } },
          body: {
            config,
            source: settled.source,
            contact_name: settled.name,
            contact_phone: settled.phone,
            question: settled.question,
            variables: settled.values,
          },
          signal,
        }),
      ),
    placeholderData: keepPreviousData,
    gcTime: 0,
    retry: false,
  });
  const variables = (config.variables ?? []).filter((v) => v.name && v.source !== 'post_conversation');
  return (
    <Modal opened onClose={onClose} title={t.title} size="72rem">
      <Text size="sm" c="dimmed" mb="md">
        {t.note}
      </Text>
      <div className={classes.columns}>
        <Stack gap="sm" className={classes.samples}>
          <h3 className={classes.title}>{t.samples}</h3>
          <Textarea
            label={t.question}
            description={t.questionHelp}
            placeholder={t.questionPlaceholder}
            value={sample.question}
            maxLength={4000}
            autosize
            minRows={2}
            maxRows={6}
            size="xs"
            data-autofocus
            onChange={(event) => change({ question: event.currentTarget.value })}
          />
          <Select
            label={t.source}
            size="xs"
            allowDeselect={false}
            data={Object.entries(t.sources).map(([value, label]) => ({ value, label }))}
            value={sample.source}
            onChange={(value) => value && change({ source: value as Source })}
          />
          <TextInput
            label={t.contactName}
            size="xs"
            maxLength={200}
            value={sample.name}
            onChange={(event) => change({ name: event.currentTarget.value })}
          />
          <TextInput
            label={t.contactPhone}
            size="xs"
            maxLength={40}
            value={sample.phone}
            onChange={(event) => change({ phone: event.currentTarget.value })}
          />
          {[...new Map(variables.map((v) => [v.name, v])).values()].map((variable) => (
            <PresetField
              key={variable.name}
              variable={variable}
              value={sample.values[variable.name]}
              onChange={(value) => change({ values: withValue(sample.values, variable.name, value) })}
            />
          ))}
        </Stack>
        <div className={classes.result} aria-live="polite" aria-busy={preview.isPending}>
          {preview.error ? (
            <ErrorState error={preview.error} title={t.failed} onRetry={() => void preview.refetch()} />
          ) : preview.data ? (
            <Result preview={preview.data} config={config} asked={settled.question.trim() !== ''} />
          ) : (
            <PageLoading />
          )}
        </div>
      </div>
    </Modal>
  );
}

function withValue(values: Sample['values'], name: string, value: PresetValue | undefined): Sample['values'] {
  const { [name]: _, ...rest } = values;
  return value === undefined || value === '' ? rest : { ...rest, [name]: value };
}
