import { ActionIcon, Text, Tooltip } from '@mantine/core';
import { IconArrowBackUp } from '@tabler/icons-react';
import type { Variable } from '@/api/types';
import { fullTime } from '@/parts/time';
import { text } from '@/text/en';
import { Card } from './Card';
import classes from './Facts.module.css';

const t = text.conversations.variables;

const groups = ['pre_chat', 'extracted', 'post_conversation'] as const;

function valueText(value: unknown): string {
  if (typeof value === 'boolean') return value ? t.yes : t.no;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

interface Props {
  variables: readonly Variable[];
  onMessage: (id: string) => void;
}

/** The values collected, by where they came from. */
export function VariablesCard({ variables, onMessage }: Props) {
  return (
    <Card title={t.title}>
      {variables.length === 0 && (
        <Text size="sm" c="dimmed">
          {t.none}
        </Text>
      )}
      {groups.map((source) => {
        const mine = variables.filter((v) => v.source === source);
        if (mine.length === 0) return null;
        return (
          <div key={source} className={classes.group}>
            <h3>{t.groups[source]}</h3>
            <dl className={classes.variables}>
              {mine.map((v) => (
                <div key={v.name}>
                  <dt>
                    <code>{v.name}</code>
                  </dt>
                  <dd
                    title={
                      v.model ? `${t.setBy(v.model, v.assistant_version)}, ${fullTime(v.set_at)}` : fullTime(v.set_at)
                    }
                  >
                    {valueText(v.value)}
                    {v.message_id && (
                      <Tooltip label={t.from}>
                        <ActionIcon
                          size="xs"
                          ml={6}
                          aria-label={`${t.from}: ${v.name}`}
                          onClick={() => onMessage(v.message_id as string)}
                        >
                          <IconArrowBackUp size={14} stroke={1.8} />
                        </ActionIcon>
                      </Tooltip>
                    )}
                  </dd>
                </div>
              ))}
            </dl>
          </div>
        );
      })}
    </Card>
  );
}
