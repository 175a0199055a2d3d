import { useState } from 'react';
import { Link } from 'react-router';
import { useWidth } from '@/parts/useWidth';
import { text } from '@/text/en';
import classes from './Chart.module.css';
import { Readout } from './Readout';
import { every, ticks } from './scale';
import { useRoving } from './useRoving';

const t = text.analytics.chart;

export interface Mark {
  key: string;
  label: string;
  /** Under the axis. */
  short: string;
  value: number | null;
  text: string;
  /** Where its conversations are; '' where there are none. */
  href: string;
}

interface Props {
  label: string;
  kind: 'bar' | 'line';
  marks: Mark[];
  format: (value: number) => string;
  /** Its values are counts. */
  whole?: boolean;
}

const height = 230;
const foot = 24;
const top = 8;

/** Numbers over time: counts as bars, what is no count as a line. */
export function TimeChart({ label, kind, marks, format, whole }: Props) {
  const { ref, width } = useWidth<HTMLDivElement>();
  const { box, onKeyDown, mark } = useRoving<SVGSVGElement>({ count: marks.length });
  const [at, setAt] = useState<number | null>(null);
  const steps = ticks(Math.max(0, ...marks.map((m) => m.value ?? 0)), whole);
  const max = steps.at(-1) ?? 1;
  const left = 12 + 6.4 * Math.max(...steps.map((s) => format(s).length));
  const room = Math.max(width - left, 1);
  const slot = room / Math.max(marks.length, 1);
  const x = (i: number) => left + i * slot;
  const y = (v: number) => top + (height - top - foot) * (1 - v / max);
  const shown = every(marks.length, room, 64);
  return (
    <div ref={ref}>
      <Readout mark={at === null ? undefined : marks[at]} />
      <svg
        ref={box}
        className={classes.svg}
        height={height}
        role="group"
        aria-label={`${label}. ${t.keys}`}
        onKeyDown={onKeyDown}
        onMouseLeave={() => setAt(null)}
      >
        {width > 0 &&
          steps.map((s) => (
            <g key={s} aria-hidden>
              <line className={classes.grid} x1={left} x2={width} y1={y(s)} y2={y(s)} />
              <text className={classes.axis} x={left - 8} y={y(s)} textAnchor="end" dominantBaseline="central">
                {format(s)}
              </text>
            </g>
          ))}
        {width > 0 && kind === 'line' && (
          <path className={classes.line} d={path(marks, (i) => x(i) + slot / 2, y)} aria-hidden />
        )}
        {width > 0 &&
          marks.map((m, i) => (
            <g key={m.key}>
              {i % shown === 0 && (
                <text className={classes.axis} x={x(i) + slot / 2} y={height - 6} textAnchor="middle" aria-hidden>
                  {m.short}
                </text>
              )}
              <MarkLink m={m} {...mark(i)} onRead={() => setAt(i)}>
                <rect className={classes.hit} x={x(i)} y={top} width={slot} height={height - top - foot} rx={3} />
                {m.value !== null && kind === 'bar' && (
                  <rect
                    className={classes.bar}
                    x={x(i) + Math.min(slot * 0.14, 6)}
                    y={y(m.value)}
                    width={Math.max(slot - 2 * Math.min(slot * 0.14, 6), 0.6)}
                    height={Math.max(height - foot - y(m.value), 0)}
                    rx={Math.min(3, slot / 4)}
                  />
                )}
                {m.value !== null && kind === 'line' && (
                  <circle className={classes.dot} cx={x(i) + slot / 2} cy={y(m.value)} r={slot < 9 ? 2 : 3.5} />
                )}
              </MarkLink>
            </g>
          ))}
      </svg>
    </div>
  );
}

// A line that is broken where there is no value.
function path(marks: Mark[], x: (i: number) => number, y: (v: number) => number): string {
  let pen = 'M';
  return marks
    .map((m, i) => {
      if (m.value === null) {
        pen = 'M';
        return '';
      }
      const step = `${pen}${x(i).toFixed(1)} ${y(m.value).toFixed(1)}`;
      pen = 'L';
      return step;
    })
    .join('');
}

interface MarkProps {
  m: { label: string; text: string; href: string };
  'data-mark': number;
  tabIndex: number;
  onFocus: () => void;
  onRead: () => void;
  children: React.ReactNode;
}

/** A mark of a chart: a link to its conversations where there are any. */
export function MarkLink({ m, onRead, onFocus, children, ...rest }: MarkProps) {
  const said = `${m.label}: ${m.text}`;
  const both = {
    className: classes.mark,
    onMouseEnter: onRead,
    onFocus: () => {
      onFocus();
      onRead();
    },
    ...rest,
  };
  if (m.href === '') {
    return (
      <g {...both} role="img" aria-label={said}>
        {children}
      </g>
    );
  }
  return (
    <Link to={m.href} aria-label={t.open(said)} {...both}>
      {children}
    </Link>
  );
}
