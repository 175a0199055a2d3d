import { text } from '@/text/en';
import { percent } from '../format';
import classes from './Chart.module.css';

interface Props {
  low: number;
  value: number;
  high: number;
}

/** A share with its interval, between nothing and all. */
export function Interval({ low, value, high }: Props) {
  const said = text.analytics.compare.interval(percent(low), percent(high));
  return (
    <svg className={classes.interval} viewBox="0 0 100 14" preserveAspectRatio="none" role="img" aria-label={said}>
      <title>{said}</title>
      <rect className={classes.track} x={0} y={5} width={100} height={4} />
      <rect
        className={classes.bar}
        x={low * 100}
        y={5}
        width={Math.max((high - low) * 100, 0.6)}
        height={4}
        fillOpacity={0.45}
      />
      <rect className={classes.bar} x={value * 100 - 0.6} y={1} width={1.2} height={12} />
    </svg>
  );
}
