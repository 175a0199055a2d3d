import { useQuery } from '@tanstack/react-query';
import { IconBook2, IconChevronRight } from '@tabler/icons-react';
import { api, data } from '@/api/client';
import { Credits } from '@/parts/Credits';
import { number } from '@/parts/number';
import { millis } from '@/parts/time';
import { text } from '@/text/en';
import { builtinModel } from '../types';
import classes from './TestChat.module.css';

const t = text.testchat;

interface Props {
  conversation: string;
  turn: string;
  onWhy: (turn: string) => void;
}

/** The trace of an answer in a line: its sources, model, time, tokens and cost. */
export function TurnTrace({ conversation, turn: id, onWhy }: Props) {
  const { data: turn } = useQuery({
    queryKey: ['conversations', conversation, 'turns', id],
    queryFn: ({ signal }) =>
      data(
        api.GET('/api/v1/conversations/{id}/turns/{turn_id}', {
          params: { path: { id: conversation, turn_id: id } },
          signal,
        }),
      ),
  });
  if (!turn) return null;
  const steps = turn.trace.steps ?? [];
  const sources = [...new Set((turn.trace.passages ?? []).map((passage) => passage.title))];
  const last = steps.at(-1);
  const took = turn.ended_at ? Date.parse(turn.ended_at) - Date.parse(turn.started_at) : null;
  const tokens = (pick: 'input_tokens' | 'output_tokens') =>
    steps.some((step) => step[pick] === null) ? null : steps.reduce((sum, step) => sum + (step[pick] ?? 0), 0);
  const input = tokens('input_tokens');
  const output = tokens('output_tokens');
  return (
    <div className={classes.trace}>
      {sources.length > 0 && (
        <ul className={classes.sources} aria-label={t.sources(sources.length)}>
          {sources.map((title) => (
            <li key={title}>
              <IconBook2 size={13} stroke={1.8} aria-hidden />
              {title}
            </li>
          ))}
        </ul>
      )}
      <button type="button" className={classes.facts} onClick={() => onWhy(id)}>
        <span className="sr-only">{t.why} </span>
        <span>
          {last && (last.model === builtinModel ? text.assistants.builtin : last.model)}
          {took !== null && ` · ${millis(took)}`}
          {input !== null && output !== null && ` · ${t.tokens(number(input), number(output))}`}
          {last && (
            <>
              {' · '}
              <Credits credits={last.credits} />
            </>
          )}
        </span>
        <IconChevronRight size={13} aria-hidden />
      </button>
    </div>
  );
}
