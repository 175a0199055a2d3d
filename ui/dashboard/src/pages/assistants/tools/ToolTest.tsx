import { Button, Code, Collapse, Group, JsonInput, Paper, Stack, Text } from '@mantine/core';
import { IconPlayerPlay } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { api, data } from '@/api/client';
import type { HTTPTool, ToolResult } from '@/api/types';
import { Notice } from '@/parts/Notice';
import { millis } from '@/parts/time';
import { text } from '@/text/en';
import { exampleArguments } from '../schema';

const t = text.assistants.tools;

interface Props {
  assistantID: string;
  tool: HTTPTool;
  /** Whether the tool has to be mended first; then onBlocked shows where. */
  blocked: boolean;
  onBlocked: () => void;
}

/** Calls a tool that need not be saved, and shows what it answers. */
export function ToolTest({ assistantID, tool, blocked, onBlocked }: Props) {
  const [opened, setOpened] = useState(false);
  const [source, setSource] = useState<string | null>(null);
  const shown = source ?? JSON.stringify(exampleArguments(tool.parameters), null, 2);
  const values = argumentsOf(shown);
  const call = useMutation({
    mutationFn: () =>
      data(
        api.POST('/api/v1/assistants/{id}/tools/test', {
          params: { path: { id: assistantID } },
          body: { tool, arguments: values ?? {} },
        }),
      ),
    meta: { quiet: true },
  });
  return (
    <Paper withBorder p="md" radius="md">
      <Group justify="space-between" wrap="nowrap">
        <div>
          <Text size="sm" fw={580}>
            {t.test}
          </Text>
          <Text size="xs" c="dimmed">
            {t.testHelp}
          </Text>
        </div>
        {!opened && (
          <Button
            variant="default"
            onClick={() => {
              if (blocked) onBlocked();
              else setOpened(true);
            }}
          >
            {t.test}
          </Button>
        )}
      </Group>
      <Collapse expanded={opened}>
        <Stack gap="sm" mt="sm">
          <JsonInput
            label={t.arguments}
            autosize
            minRows={3}
            maxRows={10}
            spellCheck={false}
            value={shown}
            onChange={setSource}
            error={values ? undefined : t.argumentsProblem}
          />
          <Button
            leftSection={<IconPlayerPlay size={16} />}
            loading={call.isPending}
            disabled={!values || blocked}
            style={{ alignSelf: 'flex-start' }}
            onClick={() => call.mutate()}
          >
            {t.run}
          </Button>
          {blocked && (
            <Text size="xs" c="dimmed">
              {t.fixFirst}
            </Text>
          )}
          <div aria-live="polite">
            {call.error && (
              <Notice tone="danger" title={t.failed}>
                {call.error.message}
              </Notice>
            )}
            {call.data && !call.isPending && <Result result={call.data} />}
          </div>
        </Stack>
      </Collapse>
    </Paper>
  );
}

function Result({ result }: { result: ToolResult }) {
  const title = `${result.ok ? t.worked : t.failed} · ${millis(result.millis)}`;
  return (
    <Notice tone={result.ok ? 'good' : 'danger'} title={title}>
      {result.error && <Text size="sm">{result.error}</Text>}
      {result.result && (
        <Code block mah={240} style={{ overflow: 'auto' }} tabIndex={0}>
          {result.result}
        </Code>
      )}
    </Notice>
  );
}

function argumentsOf(source: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(source || '{}');
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
