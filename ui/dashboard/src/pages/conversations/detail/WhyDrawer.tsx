import { Alert, Anchor, Drawer, Skeleton, Text } from '@mantine/core';
import { IconRobotOff } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { api, data } from '@/api/client';
import type { Conversation, Turn } from '@/api/types';
import { Credits, Tokens } from '@/parts/Credits';
import { ErrorState } from '@/parts/ErrorState';
import { millis } from '@/parts/time';
import { text } from '@/text/en';
import { Facts } from './Card';
import { Passages } from './Passages';
import { Steps } from './Steps';
import classes from './Why.module.css';
import { isBuiltin, modelName } from './models';

const t = text.conversations.why;

interface Props {
  conversation: Conversation;
  turn: string | null;
  onClose: () => void;
}

/** "Why this answer?": the trace of a turn. */
export function WhyDrawer({ conversation, turn, onClose }: Props) {
  const query = useQuery({
    queryKey: ['conversations', conversation.id, 'turns', turn],
    enabled: turn !== null,
    queryFn: ({ signal }) =>
      data(
        api.GET('/api/v1/conversations/{id}/turns/{turn_id}', {
          params: { path: { id: conversation.id, turn_id: turn ?? '' } },
          signal,
        }),
      ),
  });
  return (
    <Drawer
      opened={turn !== null}
      onClose={onClose}
      position="right"
      size={500}
      title={t.title}
      overlayProps={{ backgroundOpacity: 0.25 }}
    >
      {query.data ? (
        <Trace turn={query.data} assistant={conversation.assistant.id} />
      ) : query.isError ? (
        <ErrorState title={t.failed} error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <div role="status" aria-label={text.common.loading}>
          <Skeleton height={120} mb="lg" />
          <Skeleton height={80} mb="sm" />
          <Skeleton height={80} />
        </div>
      )}
    </Drawer>
  );
}

const known = (values: (number | null)[]): number | null =>
  values.length === 0 || values.includes(null) ? null : values.reduce<number>((sum, v) => sum + (v ?? 0), 0);

function Trace({ turn, assistant }: { turn: Turn; assistant: string }) {
  const steps = turn.trace.steps ?? [];
  const models = [...new Set(steps.map((s) => modelName(s.provider, s.model)))];
  const took = turn.ended_at ? Date.parse(turn.ended_at) - Date.parse(turn.started_at) : null;
  const first = turn.first_token_at ? Date.parse(turn.first_token_at) - Date.parse(turn.started_at) : null;
  return (
    <div className={classes.trace}>
      {turn.error && (
        <Alert color="red" variant="light" icon={<IconRobotOff size={18} />}>
          {turn.error.message}
        </Alert>
      )}
      {turn.trace.note && <p className={classes.noteText}>{turn.trace.note}</p>}
      <Facts
        rows={[
          {
            name: t.status,
            value: `${t.statuses[turn.status]}${turn.attempt > 1 ? `, ${t.attempts(turn.attempt)}` : ''}`,
          },
          {
            name: t.promptVersion,
            value: (
              <Anchor
                component={Link}
                to={`/assistants/${assistant}?version=${turn.assistant_version}`}
                size="sm"
                title={t.openVersion}
              >
                {text.conversations.detail.version(turn.assistant_version)}
              </Anchor>
            ),
          },
          { name: t.model, value: models.join(', ') },
          { name: t.time, value: took !== null && <span className="tabular">{millis(took)}</span> },
          { name: t.firstToken, value: first !== null && <span className="tabular">{millis(first)}</span> },
          {
            name: t.tokens,
            value: (
              <>
                <Tokens count={known(turn.usage.map((u) => u.input_tokens))} /> /{' '}
                <Tokens count={known(turn.usage.map((u) => u.output_tokens))} />
              </>
            ),
          },
          { name: t.price, value: <TurnPrice turn={turn} /> },
        ]}
      />
      {steps.some((s) => isBuiltin(s.model)) && (
        <Text size="xs" c="dimmed">
          {t.builtin}
        </Text>
      )}
      <Passages passages={turn.trace.passages ?? []} />
      <Steps steps={steps} />
    </div>
  );
}

function TurnPrice({ turn }: { turn: Turn }) {
  const prices = turn.usage.map((u) => u.credits);
  const priced = prices.filter((p) => p !== null);
  // Micro-credits, so that adding decimals stays exact.
  const micro = priced.reduce((sum, p) => sum + Math.round(Number(p) * 1e6), 0);
  return (
    <Credits credits={priced.length === 0 ? null : String(micro / 1e6)} complete={priced.length === prices.length} />
  );
}
