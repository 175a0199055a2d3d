import { IconTool } from '@tabler/icons-react';
import type { ToolCall } from '@/api/types';
import { clockTime, fullTime, millis } from '@/parts/time';
import { text } from '@/text/en';
import classes from './Transcript.module.css';

const t = text.conversations.message;

/** JSON for reading; text that holds JSON is laid out too. */
function pretty(value: unknown): string {
  if (typeof value !== 'string') return JSON.stringify(value, null, 2);
  try {
    return JSON.stringify(JSON.parse(value), null, 2);
  } catch {
    return value;
  }
}

// The arguments in a few words, so that most calls need not be unfolded.
function brief(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value ?? '');
  return Object.values(value)
    .flat()
    .filter((v) => v !== null && typeof v !== 'object')
    .join(', ');
}

/** The tools that were called, folded: arguments, result, time. */
export function ToolCalls({ calls, at }: { calls: readonly ToolCall[]; at?: string }) {
  return calls.map((call) => (
    <details key={call.id} className={classes.tool} data-failed={call.error ? '' : undefined}>
      <summary>
        <IconTool size={14} stroke={1.8} aria-hidden />
        <code>{call.name}</code>
        <span className={classes.toolBrief}>{brief(call.arguments)}</span>
        {call.error && <span className={classes.toolFailed}>{t.toolFailed}</span>}
        {call.millis !== undefined && call.millis > 0 && <span className="tabular">{millis(call.millis)}</span>}
        {at && (
          <time dateTime={at} title={fullTime(at)} className="tabular">
            {clockTime(at)}
          </time>
        )}
      </summary>
      <div className={classes.toolBody}>
        <div className={classes.toolPart}>{t.arguments}</div>
        <pre tabIndex={0}>{pretty(call.arguments)}</pre>
        {call.error && <p className={classes.error}>{call.error}</p>}
        {call.result && (
          <>
            <div className={classes.toolPart}>{t.result}</div>
            <pre tabIndex={0}>{pretty(call.result)}</pre>
          </>
        )}
      </div>
    </details>
  ));
}
