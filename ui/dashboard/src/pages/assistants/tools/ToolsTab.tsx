import { Text } from '@mantine/core';
import { IconInfoCircle, IconTool } from '@tabler/icons-react';
import { Notice } from '@/parts/Notice';
import { Tag } from '@/parts/Tag';
import { text } from '@/text/en';
import { problemBelow } from '../check';
import { ItemList } from '../ItemList';
import classes from '../Items.module.css';
import { builtinProvider } from '../types';
import type { Draft } from '../useDraft';
import { useItems } from '../useItems';
import { ToolEditor } from './ToolEditor';

const t = text.assistants.tools;

/** What the model may call. */
export function ToolsTab({ draft }: { draft: Draft }) {
  const { base, config, patch, problems, readOnly } = draft;
  const items = useItems(config.tools ?? [], (tools) => patch({ tools }));
  return (
    <ItemList
      items={items}
      icon={IconTool}
      words={t}
      readOnly={readOnly}
      nameOf={(tool) => tool.name}
      mono
      about={(tool, i) => {
        const problem = problemBelow(problems, `tools.${i}`);
        return (
          <Text size="xs" c="dimmed" truncate className={problem && classes.wrong}>
            {problem ?? (tool.description || tool.url)}
          </Text>
        );
      }}
      aside={(tool) => <Tag>{tool.method}</Tag>}
      above={
        config.model.provider_id === builtinProvider && (
          <Notice tone="warn" icon={<IconInfoCircle size={18} />}>
            {t.builtinWarning}
          </Notice>
        )
      }
    >
      <Text size="xs" c="dimmed">
        {t.builtinNote}
      </Text>
      <ToolEditor key={items.key} {...items.editor} assistantID={base.id} rest={items.rest} readOnly={readOnly} />
    </ItemList>
  );
}
