import { Badge, Group, Tooltip } from '@mantine/core';
import type { ModelChoice } from '@/api/types';
import { text } from '@/text/en';
import { builtinProvider } from './types';

const t = text.assistants;

/** The badge that the built-in answerer wears wherever it shows. */
export function NotAnLLM() {
  return (
    <Tooltip label={t.builtinHelp} multiline maw={340}>
      <Badge variant="default" size="sm" tt="none" fw={560} tabIndex={0}>
        {t.builtinBadge}
      </Badge>
    </Tooltip>
  );
}

/** Names a model. */
export function ModelLabel({ model }: { model: ModelChoice }) {
  if (model.provider_id !== builtinProvider) return <span>{model.model}</span>;
  return (
    <Group gap={8} wrap="nowrap">
      <span>{t.builtin}</span>
      <NotAnLLM />
    </Group>
  );
}
