import { Anchor, Group, SegmentedControl, Stack, TagsInput, Text } from '@mantine/core';
import { text } from '@/text/en';
import { useColumns } from './queries';
import { type Rows, unknownColumn } from './request';

const t = text.exports;

interface Props {
  rows: Rows;
  columns: string[] | null;
  onChange: (part: { rows?: Rows; columns?: string[] | null }) => void;
}

/** What a row of the table is, and which columns it has, in which order. */
export function ColumnsField({ rows, columns, onChange }: Props) {
  const known = useColumns(true);
  const all = known.data?.[rows] ?? [];
  const usual = all.filter((c) => c.usual).map((c) => c.name);
  const chosen = columns ?? usual;
  const unknown = unknownColumn(chosen, known.data, rows);
  return (
    <Stack gap="sm">
      <div>
        <Text size="sm" fw={500} mb={4} id="export-rows">
          {t.rows}
        </Text>
        <SegmentedControl
          aria-labelledby="export-rows"
          value={rows}
          onChange={(v) => onChange({ rows: v as Rows, columns: null })}
          data={[
            { value: 'conversations', label: t.rowsOf.conversations },
            { value: 'messages', label: t.rowsOf.messages },
          ]}
        />
      </div>
      <TagsInput
        label={t.columns}
        description={t.columnsHelp}
        value={chosen}
        onChange={(v) => onChange({ columns: v })}
        data={all.map((c) => c.name)}
        error={unknown && t.columnUnknown(unknown)}
        acceptValueOnBlur
        clearable
      />
      <Group gap="md">
        <Anchor component="button" type="button" size="sm" onClick={() => onChange({ columns: null })}>
          {t.columnsUsual}
        </Anchor>
        <Anchor
          component="button"
          type="button"
          size="sm"
          onClick={() => onChange({ columns: all.map((c) => c.name) })}
        >
          {t.columnsAll}
        </Anchor>
      </Group>
    </Stack>
  );
}
