import { useState } from 'react';
import { useWidth } from '@/parts/useWidth';
import { text } from '@/text/en';
import classes from './Chart.module.css';
import { Readout } from './Readout';
import { MarkLink } from './TimeChart';
import { useRoving } from './useRoving';

const t = text.analytics.chart;

export interface HeatCell {
  label: string;
  text: string;
  value: number;
  href: string;
}

const rowHeight = 26;
const head = 18;

interface Props {
  label: string;
  /** 7 days of 24 hours, from Monday at midnight. */
  cells: HeatCell[];
}

/** How much happens in each hour of the week: the more, the darker. */
export function HeatMap({ label, cells }: Props) {
  const { ref, width } = useWidth<HTMLDivElement>();
  const { box, onKeyDown, mark } = useRoving<SVGSVGElement>({ count: cells.length, columns: 24 });
  const [at, setAt] = useState<number | null>(null);
  const max = Math.max(1, ...cells.map((c) => c.value));
  const left = 38;
  const slot = Math.max(width - left, 24) / 24;
  return (
    <div ref={ref}>
      <Readout mark={at === null ? undefined : cells[at]} />
      <svg
        ref={box}
        className={classes.svg}
        height={head + 7 * rowHeight}
        role="group"
        aria-label={`${label}. ${t.keys}`}
        onKeyDown={onKeyDown}
        onMouseLeave={() => setAt(null)}
      >
        {width > 0 &&
          Array.from({ length: 24 }, (_, h) => h)
            .filter((h) => h % (slot < 17 ? 6 : 3) === 0)
            .map((h) => (
              <text key={h} className={classes.axis} x={left + h * slot} y={11} aria-hidden>
                {String(h).padStart(2, '0')}
              </text>
            ))}
        {width > 0 &&
          Array.from({ length: 7 }, (_, d) => (
            <text
              key={d}
              className={classes.axis}
              x={0}
              y={head + d * rowHeight + rowHeight / 2}
              dominantBaseline="central"
              aria-hidden
            >
              {text.analytics.weekdayShort(d)}
            </text>
          ))}
        {width > 0 &&
          cells.map((c, i) => {
            const place = {
              x: left + (i % 24) * slot + 1,
              y: head + Math.floor(i / 24) * rowHeight + 1,
              width: slot - 2,
              height: rowHeight - 2,
              rx: 3,
            };
            return (
              <MarkLink key={c.label} m={c} {...mark(i)} onRead={() => setAt(i)}>
                <rect className={classes.track} {...place} />
                <rect className={classes.bar} {...place} fillOpacity={shade(c.value, max)} />
                <rect className={classes.hit} {...place} />
              </MarkLink>
            );
          })}
      </svg>
    </div>
  );
}

/** From nothing to full; what is there at all can be seen. */
export const shade = (value: number, max: number): number => (value === 0 ? 0 : 0.12 + 0.88 * (value / max));
