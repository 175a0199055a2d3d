import { Text, Tooltip } from '@mantine/core';
import type { VariableSchema } from '@/api/types';
import { text } from '@/text/en';
import { systemPlaceholders } from '../placeholders';
import classes from './PlaceholderList.module.css';

const t = text.assistants;

interface Props {
  variables: readonly VariableSchema[];
  used: ReadonlySet<string>;
  /** Inserts at the cursor; absent when nothing may be changed. */
  onInsert?: (name: string) => void;
}

/** Every placeholder that may be used, with what fills it. */
export function PlaceholderList({ variables, used, onInsert }: Props) {
  const names = [...new Map(variables.filter((v) => v.name).map((v) => [v.name, v])).values()];
  return (
    <div className={classes.box}>
      <Text size="sm" fw={580}>
        {t.fields.placeholders}
      </Text>
      {onInsert && (
        <Text size="xs" c="dimmed">
          {t.fields.placeholdersHelp}
        </Text>
      )}
      <Group title={t.fields.placeholderSystem}>
        {systemPlaceholders.map((name) => (
          <Chip key={name} name={name} help={t.placeholder[name]} used={used.has(name)} onInsert={onInsert} />
        ))}
      </Group>
      <Group title={t.fields.placeholderVariables}>
        {names.length === 0 && (
          <Text size="xs" c="dimmed">
            {t.fields.noVariables}
          </Text>
        )}
        {names.map((v) => (
          <Chip
            key={v.name}
            name={v.name}
            help={v.description || t.variables.sources[v.source].label}
            used={used.has(v.name)}
            onInsert={onInsert}
          />
        ))}
      </Group>
    </div>
  );
}

function Group({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <div>
      <Text size="xs" c="dimmed" mb={6}>
        {title}
      </Text>
      <div className={classes.chips}>{children}</div>
    </div>
  );
}

interface ChipProps {
  name: string;
  help: string;
  used: boolean;
  onInsert?: (name: string) => void;
}

function Chip({ name, help, used, onInsert }: ChipProps) {
  const shown = `{${name}}`;
  return (
    <Tooltip label={help} multiline maw={260}>
      <button
        type="button"
        className={classes.chip}
        data-used={used}
        disabled={!onInsert}
        aria-label={t.fields.insert(shown)}
        // The cursor stays in the text.
        onMouseDown={(event) => event.preventDefault()}
        onClick={() => onInsert?.(name)}
      >
        {shown}
      </button>
    </Tooltip>
  );
}
