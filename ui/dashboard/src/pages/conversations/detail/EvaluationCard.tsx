import { Button, Text } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import type { Conversation } from '@/api/types';
import { Tag } from '@/parts/Tag';
import { fullTime } from '@/parts/time';
import { text } from '@/text/en';
import { Card, Facts } from './Card';
import { isBuiltin } from './models';
import type { Actions } from './useActions';

const t = text.conversations.evaluation;

const moods = { positive: 'good', neutral: 'quiet', negative: 'warn' } as const;

/** How the conversation was judged after its end. */
export function EvaluationCard({ conversation: c, actions }: { conversation: Conversation; actions: Actions }) {
  const e = c.evaluation;
  const run = c.can.evaluate && (
    <Button
      size="compact-xs"
      variant="subtle"
      leftSection={<IconRefresh size={14} />}
      loading={actions.evaluate.isPending}
      onClick={() => actions.evaluate.mutate()}
    >
      {e ? t.again : t.run}
    </Button>
  );
  return (
    <Card title={t.title} action={run}>
      {!e ? (
        <Text size="sm" c="dimmed">
          {c.status === 'ended' ? t.noneEnded : t.none}
        </Text>
      ) : e.error ? (
        <Text size="sm" c="var(--p-danger)">
          {t.failed}: {e.error}
        </Text>
      ) : (
        <>
          <Text size="sm" mb="xs">
            {e.summary}
          </Text>
          <Facts
            rows={[
              {
                name: t.resolved,
                value: (
                  <Tag tone={e.resolved ? 'good' : 'warn'}>
                    {e.resolved ? text.conversations.status.resolved : text.conversations.status.unresolved}
                  </Tag>
                ),
              },
              { name: t.topic, value: e.topic },
              {
                name: t.sentiment,
                value: e.sentiment && <Tag tone={moods[e.sentiment]}>{t.sentiments[e.sentiment]}</Tag>,
              },
            ]}
          />
          <Text size="xs" c="dimmed" mt="xs" title={fullTime(e.evaluated_at)}>
            {isBuiltin(e.model) ? t.byRules : t.by(e.model)}
          </Text>
        </>
      )}
    </Card>
  );
}
