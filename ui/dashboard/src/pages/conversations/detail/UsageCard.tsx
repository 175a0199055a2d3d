import { Text } from '@mantine/core';
import type { Conversation, UsageRow } from '@/api/types';
import { Credits, Tokens } from '@/parts/Credits';
import { number } from '@/parts/number';
import { duration, fullTime } from '@/parts/time';
import { text } from '@/text/en';
import { Card, Facts } from './Card';
import classes from './Facts.module.css';

const t = text.conversations.usage;

/** Tokens, credits and times, in all and call by call. */
export function UsageCard({ conversation: c }: { conversation: Conversation }) {
  return (
    <Card title={t.title}>
      <Facts
        rows={[
          { name: t.tokensIn, value: <Tokens count={c.usage.input_tokens} /> },
          { name: t.tokensOut, value: <Tokens count={c.usage.output_tokens} /> },
          { name: t.cost, value: <Credits credits={c.cost.credits} complete={c.cost.complete} /> },
          { name: t.duration, value: <span className="tabular">{duration(c.duration_seconds)}</span> },
          {
            name: t.firstReply,
            value:
              c.first_reply_seconds === null ? (
                t.noReply
              ) : (
                <span className="tabular">{duration(c.first_reply_seconds)}</span>
              ),
          },
        ]}
      />
      <details className={classes.calls}>
        <summary>
          {t.calls} · <span className="tabular">{c.usage_rows.length}</span>
        </summary>
        {c.usage_rows.length === 0 ? (
          <Text size="sm" c="dimmed">
            {t.noCalls}
          </Text>
        ) : (
          <ol>
            {c.usage_rows.map((row) => (
              <Call key={row.id} row={row} />
            ))}
          </ol>
        )}
      </details>
    </Card>
  );
}

function Call({ row }: { row: UsageRow }) {
  return (
    <li title={fullTime(row.started_at)}>
      <span className={classes.callName}>
        {t.kinds[row.kind]} · {row.model}
      </span>
      <span className={classes.callNumbers}>
        {row.kind !== 'message' && (
          <>
            <Tokens count={row.input_tokens} /> / <Tokens count={row.output_tokens} />
            {' · '}
          </>
        )}
        {row.complete ? <Credits credits={row.credits} /> : t.running}
      </span>
      <Parts row={row} />
      {row.error && <span className={classes.callError}>{row.error}</span>}
    </li>
  );
}

/** What of the tokens was cached, thought or heard, where the provider tells it apart. */
function Parts({ row }: { row: UsageRow }) {
  const parts = [
    [row.cached_tokens, t.parts.cached],
    [row.cache_write_tokens, t.parts.written],
    [row.audio_in_tokens, t.parts.audioIn],
    [row.reasoning_tokens, t.parts.reasoning],
    [row.audio_out_tokens, t.parts.audioOut],
  ] as const;
  const known = parts.flatMap(([count, words]) => (count ? [words(number(count))] : []));
  return known.length > 0 && <span className={classes.callParts}>{known.join(' · ')}</span>;
}
