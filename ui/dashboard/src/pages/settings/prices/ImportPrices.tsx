import { Anchor, Button, Code, FileButton, Group, Modal, Stack, Table, Text, Textarea } from '@mantine/core';
import { IconFileUpload } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { send } from '@/api/client';
import { ApiError, type FieldError } from '@/api/error';
import type { PriceImport } from '@/api/types';
import { Notice } from '@/parts/Notice';
import { notifyDone } from '@/parts/notify';
import { text } from '@/text/en';
import panel from '../Panel.module.css';

const t = text.settings.prices;
const template = `${t.importColumns}\nopenai,my-model,0.15,0.60,0.075,,https://example.com/pricing,2026-01-31\n`;

/** Reads prices from CSV: all of them or, when a line is wrong, none. */
export function ImportPrices({ onClose }: { onClose: () => void }) {
  const client = useQueryClient();
  const [csv, setCSV] = useState('');
  const run = useMutation({
    mutationFn: async () => {
      const response = await send('POST', '/api/v1/prices/import', { body: csv, type: 'text/csv' });
      return (await response.json()) as PriceImport;
    },
    onSuccess: ({ imported }) => {
      void client.invalidateQueries({ queryKey: ['prices'] });
      notifyDone(t.imported(imported));
      onClose();
    },
    meta: { quiet: true },
  });
  const lines = csv.split('\n').filter((line) => line.trim() && !line.startsWith('#')).length - 1;
  return (
    <Modal opened onClose={onClose} title={t.importTitle} size="xl">
      <Stack gap="md">
        <Text size="sm">
          {t.importHelp} <Code>{t.importColumns}</Code>
        </Text>
        <Group gap="sm">
          <FileButton accept=".csv,text/csv" onChange={(file) => void file?.text().then(setCSV)}>
            {(props) => (
              <Button {...props} variant="default" leftSection={<IconFileUpload size={16} />}>
                {t.importPick}
              </Button>
            )}
          </FileButton>
          <Text size="sm" c="dimmed">
            {t.importDrop}
          </Text>
          <Anchor
            size="sm"
            ml="auto"
            href={`data:text/csv;charset=utf-8,${encodeURIComponent(template)}`}
            download="prices.csv"
          >
            {t.template}
          </Anchor>
        </Group>
        <Textarea
          aria-label={t.importPaste}
          placeholder={template}
          autosize
          minRows={7}
          maxRows={14}
          spellCheck={false}
          value={csv}
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 12.5 } }}
          onChange={(event) => {
            setCSV(event.currentTarget.value);
            run.reset();
          }}
        />
        <div aria-live="polite">{run.error && <Failed error={run.error} />}</div>
        <Group justify="flex-end" gap="xs">
          {lines > 0 && (
            <Text size="sm" c="dimmed" mr="auto">
              {t.importLines(lines)}
            </Text>
          )}
          <Button variant="default" onClick={onClose}>
            {text.common.cancel}
          </Button>
          <Button loading={run.isPending} disabled={lines < 1} onClick={() => run.mutate()}>
            {t.importRun}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

/** What is wrong, line by line where the server said so. */
function Failed({ error }: { error: Error }) {
  const fields: FieldError[] = error instanceof ApiError ? error.fields : [];
  return (
    <Notice tone="danger" title={t.importFailed}>
      {fields.length === 0 ? (
        error.message
      ) : (
        <div className={panel.scroll} style={{ maxHeight: 220 }} tabIndex={0}>
          <Table verticalSpacing={4} fz="sm">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t.importLine}</Table.Th>
                <Table.Th>{t.importProblem}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {fields.map((field, i) => (
                <Table.Tr key={i}>
                  <Table.Td>{field.path}</Table.Td>
                  <Table.Td>{field.message}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </div>
      )}
    </Notice>
  );
}
