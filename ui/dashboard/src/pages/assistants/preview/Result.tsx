import { Group, List, Text } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react';
import type { AssistantConfig, PromptPreview } from '@/api/types';
import { Notice } from '@/parts/Notice';
import { Tag } from '@/parts/Tag';
import { number, percent } from '@/parts/number';
import { text } from '@/text/en';
import { builtinProvider } from '../types';
import classes from './PromptPreview.module.css';
import { filledParts } from './filled';

const t = text.workshop.preview;

interface Props {
  preview: PromptPreview;
  config: AssistantConfig;
  /** Whether there is a first message. */
  asked: boolean;
}

/** The prompt as it would be sent, and what is missing in it. */
export function Result({ preview, config, asked }: Props) {
  const missing = missingIn(preview, asked);
  const share = preview.system ? byteLength(preview.system) : 0;
  return (
    <>
      {missing.length > 0 ? (
        <Notice tone="warn" icon={<IconAlertTriangle size={18} />} title={t.missing}>
          <List size="sm" spacing={4}>
            {missing.map((sentence) => (
              <List.Item key={sentence}>{sentence}</List.Item>
            ))}
          </List>
        </Notice>
      ) : (
        <Notice tone="good" icon={<IconCircleCheck size={18} />}>
          {t.complete}
        </Notice>
      )}
      {config.model.provider_id === builtinProvider && <Notice>{t.builtin}</Notice>}
      {preview.greeting && (
        <section>
          <h3 className={classes.title}>{t.greeting}</h3>
          <p className={classes.greeting}>{preview.greeting}</p>
        </section>
      )}
      <section>
        <h3 className={classes.title}>{t.prompt}</h3>
        <pre className={classes.prompt} tabIndex={0}>
          {filledParts(config.prompt, preview).map((part, i) =>
            part.filled ? <mark key={i}>{part.text}</mark> : <span key={i}>{part.text}</span>,
          )}
        </pre>
        <Text size="xs" c="dimmed" mt={6}>
          {t.size(number(preview.system.length), number(Math.ceil(preview.system.length / 4)))}
          {share > 0 && ` · ${t.stable(percent(preview.stable / share))}`}
        </Text>
      </section>
      <section>
        <h3 className={classes.title}>{t.tools(preview.tools.length)}</h3>
        <Group gap={6}>
          {preview.tools.map((tool) => (
            <Tag key={tool.name}>{tool.name}</Tag>
          ))}
        </Group>
      </section>
      {asked && preview.documents > 0 && (
        <Text size="sm" c="dimmed">
          {t.passages(preview.passages.length)}
        </Text>
      )}
    </>
  );
}

const byteLength = (s: string) => new TextEncoder().encode(s).length;

function missingIn(preview: PromptPreview, asked: boolean): string[] {
  const names = (list: PromptPreview['placeholders']) => list.map((p) => `{${p.name}}`).join(', ');
  const unknown = preview.placeholders.filter((p) => !p.known);
  const empty = preview.placeholders.filter((p) => p.known && !p.value);
  const out: string[] = [];
  if (unknown.length > 0) out.push(t.unknown(names(unknown)));
  if (empty.length > 0) out.push(t.empty(names(empty)));
  if (preview.documents === 0) out.push(t.noDocuments);
  else if (!asked) out.push(t.noQuestion);
  else if (preview.passages.length === 0) out.push(t.noPassages);
  return out;
}
