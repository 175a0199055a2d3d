import { Autocomplete, Button, Group, List, Paper, Text } from '@mantine/core';
import { IconCheck, IconPlugConnected, IconPlugConnectedX } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { api, data } from '@/api/client';
import type { ProviderCheck } from '@/api/types';
import { Notice } from '@/parts/Notice';
import { number } from '@/parts/number';
import { text } from '@/text/en';

const t = text.settings.models;

interface Props {
  /** A stored provider, whose key is used unless another is given. */
  id?: string;
  kind: string;
  baseURL: string;
  apiKey: string;
  models: readonly string[];
}

/** Asks a model a few words and says what came of it. */
export function ProviderTest({ id, kind, baseURL, apiKey, models }: Props) {
  const [typed, setTyped] = useState<string | null>(null);
  const model = typed ?? models[0] ?? '';
  const test = useMutation({
    mutationFn: () =>
      data(
        api.POST('/api/v1/providers/test', {
          body: { id, kind, base_url: baseURL, api_key: apiKey || undefined, model: model.trim() },
        }),
      ),
    meta: { quiet: true },
  });
  return (
    <Paper withBorder p="md" radius="md">
      <Text size="sm" fw={580}>
        {t.test}
      </Text>
      <Text size="xs" c="dimmed" mb="sm">
        {t.testHelp}
      </Text>
      <Group gap="xs" align="flex-end" wrap="nowrap">
        <Autocomplete
          label={t.testModel}
          data={[...models]}
          value={model}
          onChange={setTyped}
          placeholder={t.testNeedsModel}
          flex={1}
        />
        <Button
          variant="default"
          leftSection={<IconPlugConnected size={16} />}
          loading={test.isPending}
          disabled={!model.trim() || !baseURL}
          onClick={() => test.mutate()}
        >
          {t.testRun}
        </Button>
      </Group>
      <div aria-live="polite">
        {test.error && (
          <Notice tone="danger" mt="sm" title={t.testBad}>
            {test.error.message}
          </Notice>
        )}
        {test.data && !test.isPending && <Result check={test.data} />}
      </div>
    </Paper>
  );
}

function Result({ check }: { check: ProviderCheck }) {
  if (!check.ok) {
    return (
      <Notice tone="danger" mt="sm" title={check.message || t.testBad} icon={<IconPlugConnectedX size={18} />}>
        {check.hint}
      </Notice>
    );
  }
  return (
    <Notice tone="good" mt="sm" title={check.message || t.testOK} icon={<IconCheck size={18} />}>
      <List size="sm">
        {check.first_token_ms > 0 && <List.Item>{t.firstToken(number(check.first_token_ms))}</List.Item>}
        <List.Item>{check.usage_reported ? t.usageYes : t.usageNo}</List.Item>
        {check.hint && <List.Item>{check.hint}</List.Item>}
      </List>
    </Notice>
  );
}
