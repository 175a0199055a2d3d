import { text } from '@/text/en';
import { creditText, number } from './number';

interface Props {
  /** A decimal string; null when nothing is known. */
  credits: string | null;
  /** False when some calls have no known price, so that the amount is a lower bound. */
  complete?: boolean;
}

/** An amount of credits. What is not known is called unknown, never 0. */
export function Credits({ credits, complete = true }: Props) {
  if (credits === null || (!complete && Number(credits) === 0)) {
    return <span title={text.common.creditsUnknown}>{text.common.unknown}</span>;
  }
  const short = creditText(credits);
  return (
    <span className="tabular" title={complete ? text.common.creditsLong(credits) : text.common.creditsAtLeast(credits)}>
      {complete ? '' : '≥ '}
      {text.common.credits(short)}
    </span>
  );
}

/** A count of tokens, or "unknown". */
export function Tokens({ count }: { count: number | null }) {
  return <span className="tabular">{count === null ? text.common.unknown : number(count)}</span>;
}
