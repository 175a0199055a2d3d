import { Text } from '@mantine/core';
import type { Step } from '@/api/types';
import { Credits, Tokens } from '@/parts/Credits';
import { Tag } from '@/parts/Tag';
import { millis } from '@/parts/time';
import { text } from '@/text/en';
import { ToolCalls } from '@/transcript/ToolCalls';
import classes from './Why.module.css';
import { modelName } from './models';

const t = text.conversations.why;

/** The model calls of a turn with the tools they asked for, in order; bars compare their times. */
export function Steps({ steps }: { steps: readonly Step[] }) {
  const longest = Math.max(1, ...steps.map((s) => s.millis));
  return (
    <section>
      <h3 className={classes.heading}>{t.steps}</h3>
      {steps.length === 0 && (
        <Text size="sm" c="dimmed">
          {t.noSteps}
        </Text>
      )}
      <ol className={classes.steps}>
        {steps.map((s, i) => (
          <li key={`${i}-${s.attempt}`}>
            <header>
              <strong>
                {t.step(i + 1)}
                {s.attempt > 1 ? ` · ${t.attempts(s.attempt)}` : ''}
              </strong>
              {s.fallback && <Tag tone="warn">{t.fallback}</Tag>}
              <span className="tabular">{millis(s.millis)}</span>
            </header>
            <div className={classes.bar} aria-hidden>
              <i style={{ width: `${(100 * (s.first_token_millis ?? 0)) / longest}%` }} />
              <b style={{ width: `${(100 * Math.max(0, s.millis - (s.first_token_millis ?? 0))) / longest}%` }} />
            </div>
            <p className={classes.path}>
              {modelName(s.provider, s.model)}
              {s.first_token_millis ? ` · ${t.firstToken} ${millis(s.first_token_millis)}` : ''}
              {' · '}
              <Tokens count={s.input_tokens} /> / <Tokens count={s.output_tokens} />
              {' · '}
              <Credits credits={s.credits} />
            </p>
            {s.error && <p className={classes.stepError}>{s.error}</p>}
            <ToolCalls calls={s.tool_calls ?? []} />
          </li>
        ))}
      </ol>
    </section>
  );
}
