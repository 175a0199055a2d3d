import { useWidth } from '@/parts/useWidth';
import { text } from '@/text/en';
import classes from './Chart.module.css';
import { MarkLink } from './TimeChart';
import { useRoving } from './useRoving';

export interface Bar {
  key: string;
  label: string;
  value: number;
  text: string;
  href: string;
}

const rowHeight = 38;

/** Counts as bars that lie, each below its name. */
export function Bars({ label, bars }: { label: string; bars: Bar[] }) {
  const { ref, width } = useWidth<HTMLDivElement>();
  const { box, onKeyDown, mark } = useRoving<SVGSVGElement>({ count: bars.length });
  const max = Math.max(1, ...bars.map((b) => b.value));
  const letters = Math.max(8, Math.floor((width - 130) / 6.6));
  return (
    <div ref={ref}>
      <svg
        ref={box}
        className={classes.svg}
        height={Math.max(bars.length, 1) * rowHeight}
        role="group"
        aria-label={`${label}. ${text.analytics.chart.keys}`}
        onKeyDown={onKeyDown}
      >
        {width > 0 &&
          bars.map((b, i) => {
            const y = i * rowHeight;
            return (
              <g key={b.key}>
                <text className={classes.name} x={0} y={y + 12} dominantBaseline="central" aria-hidden>
                  {b.label.length > letters ? `${b.label.slice(0, letters)}…` : b.label}
                </text>
                <text
                  className={classes.axis}
                  x={width}
                  y={y + 12}
                  textAnchor="end"
                  dominantBaseline="central"
                  aria-hidden
                >
                  {b.text}
                </text>
                <MarkLink m={b} {...mark(i)} onRead={() => undefined}>
                  <rect className={classes.track} x={0} y={y + 22} width={width} height={8} rx={4} />
                  <rect className={classes.bar} x={0} y={y + 22} width={(width * b.value) / max} height={8} rx={4} />
                  <rect className={classes.hit} x={-4} y={y} width={width + 8} height={rowHeight - 3} rx={5} />
                </MarkLink>
              </g>
            );
          })}
      </svg>
    </div>
  );
}
