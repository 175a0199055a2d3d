import { Group, Text } from '@mantine/core';
import { IconVariable } from '@tabler/icons-react';
import type { VariableSchema } from '@/api/types';
import { Tag } from '@/parts/Tag';
import { text } from '@/text/en';
import { problemBelow } from '../check';
import { ItemList } from '../ItemList';
import classes from '../Items.module.css';
import type { Draft } from '../useDraft';
import { useItems } from '../useItems';
import { VariableEditor } from './VariableEditor';

const t = text.assistants.variables;

/** What is collected in a conversation. */
export function VariablesTab({ draft }: { draft: Draft }) {
  const { config, patch, problems, readOnly } = draft;
  const items = useItems(config.variables ?? [], (variables) => patch({ variables }));
  return (
    <ItemList
      items={items}
      icon={IconVariable}
      words={t}
      readOnly={readOnly}
      nameOf={(variable) => variable.name}
      mono
      about={(variable, i) => <Summary variable={variable} problem={problemBelow(problems, `variables.${i}`)} />}
      aside={(variable) => variable.required && <Tag tone="accent">{t.required}</Tag>}
    >
      <Text size="xs" c="dimmed">
        {t.always}
      </Text>
      <VariableEditor key={items.key} {...items.editor} rest={items.rest} readOnly={readOnly} />
    </ItemList>
  );
}

function Summary({ variable, problem }: { variable: VariableSchema; problem?: string }) {
  if (problem) {
    return (
      <Text size="xs" className={classes.wrong}>
        {problem}
      </Text>
    );
  }
  return (
    <Group gap={6} wrap="nowrap">
      <Text size="xs" c="dimmed" truncate>
        {t.types[variable.type]} · {t.sources[variable.source].label}
        {variable.description ? ` · ${variable.description}` : ''}
      </Text>
    </Group>
  );
}
