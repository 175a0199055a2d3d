import { IconTool } from '@tabler/icons-react';
import type { ToolCall } from '@/api/types';
import { millis } from '@/parts/time';
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

/** The tools that were called, folded: arguments, result, time. */
export function ToolCalls({ calls }: { calls: readonly ToolCall[] }) {
  return calls.map((call) => (
    <details key={call.id} className={classes.tool} data-failed={call.error ? '' : undefined}>
      <summary>
        <IconTool size={14} stroke={1.8} aria-hidden />
        <code>{call.name}</code>
        {call.error && <span className={classes.toolFailed}>{t.toolFailed}</span>}
        {call.millis !== undefined && call.millis > 0 && <span className="tabular">{millis(call.millis)}</span>}
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
