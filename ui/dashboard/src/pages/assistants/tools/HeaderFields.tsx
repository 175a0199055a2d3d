import { ActionIcon, Button, Group, Input, Stack, TextInput } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { text } from '@/text/en';

const t = text.assistants.tools;

export interface HeaderRow {
  name: string;
  value: string;
}

export const rowsOf = (headers: Record<string, string> | undefined): HeaderRow[] =>
  Object.entries(headers ?? {}).map(([name, value]) => ({ name, value }));

/** The rows that have a name, as the API takes them. */
export function headersOf(rows: readonly HeaderRow[]): Record<string, string> | undefined {
  const named = rows.filter((row) => row.name.trim());
  return named.length === 0 ? undefined : Object.fromEntries(named.map((row) => [row.name.trim(), row.value]));
}

interface Props {
  rows: HeaderRow[];
  onChange: (rows: HeaderRow[]) => void;
}

/** The headers that a tool sends. */
export function HeaderFields({ rows, onChange }: Props) {
  const change = (index: number, changes: Partial<HeaderRow>) =>
    onChange(rows.map((row, i) => (i === index ? { ...row, ...changes } : row)));
  return (
    <Input.Wrapper label={t.headers} labelElement="div" description={t.headersHelp}>
      <Stack gap="xs" mt={6}>
        {rows.map((row, i) => (
          <Group key={i} gap="xs" wrap="nowrap">
            <TextInput
              aria-label={t.headerName(i + 1)}
              placeholder="Authorization"
              value={row.name}
              spellCheck={false}
              w="38%"
              onChange={(event) => change(i, { name: event.currentTarget.value })}
            />
            <TextInput
              aria-label={t.headerValue(i + 1)}
              value={row.value}
              spellCheck={false}
              autoComplete="off"
              flex={1}
              onChange={(event) => change(i, { value: event.currentTarget.value })}
            />
            <ActionIcon aria-label={t.removeHeader(i + 1)} onClick={() => onChange(rows.filter((_, j) => j !== i))}>
              <IconX size={16} />
            </ActionIcon>
          </Group>
        ))}
        <Button
          variant="default"
          size="compact-sm"
          leftSection={<IconPlus size={14} />}
          style={{ alignSelf: 'flex-start' }}
          onClick={() => onChange([...rows, { name: '', value: '' }])}
        >
          {t.addHeader}
        </Button>
      </Stack>
    </Input.Wrapper>
  );
}
