import type { Source } from '@/api/types';
import { text } from '@/text/en';
import classes from './SourceBadge.module.css';

/** The source in its own colour: the dot has it, the words keep their contrast. */
export function SourceBadge({ source }: { source: Source }) {
  return <span className={`${classes.badge} ${classes[source]}`}>{text.sources[source]}</span>;
}
