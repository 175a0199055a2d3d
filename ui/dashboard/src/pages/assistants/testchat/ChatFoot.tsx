import { Anchor } from '@mantine/core';
import { IconArrowUpRight } from '@tabler/icons-react';
import { Link } from 'react-router';
import type { Conversation } from '@/api/types';
import { Credits, Tokens } from '@/parts/Credits';
import { text } from '@/text/en';
import classes from './TestChat.module.css';

const t = text.testchat;

/** What the test conversation collected and cost so far. */
export function ChatFoot({ conversation }: { conversation: Conversation }) {
  const { variables, usage, cost } = conversation;
  return (
    <>
      {variables.length > 0 && (
        <dl className={classes.variables} aria-label={t.variablesTitle}>
          {variables.map((v) => (
            <div key={`${v.name} ${v.source}`}>
              <dt>{v.name}</dt>
              <dd>{String(v.value)}</dd>
            </div>
          ))}
        </dl>
      )}
      <div className={classes.foot}>
        <span>
          <Tokens count={usage.input_tokens} /> / <Tokens count={usage.output_tokens} /> {t.tokensWord}
          {` · ${t.costWord} `}
          <Credits credits={cost.credits} complete={cost.complete} />
        </span>
        <Anchor component={Link} to={`/conversations/${conversation.id}`} size="xs" className={classes.link}>
          {t.open}
          <IconArrowUpRight size={13} aria-hidden />
        </Anchor>
      </div>
    </>
  );
}
