/** Round values from 0 to at least `max`, about four of them; whole ones of what is counted. */
export function ticks(max: number, whole = false): number[] {
  if (!(max > 0)) return [0, 1];
  const rough = whole ? Math.max(max / 4, 1) : max / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 2.5, 5, 10].find((s) => s * power >= rough && !(whole && (s * power) % 1)) ?? 10) * power;
  const all = [];
  for (let i = 0; i * step < max + step * 0.999; i++) all.push(Number((i * step).toPrecision(12)));
  return all;
}

/** Which of `count` labels are shown so that each has `room` of `width`. */
export const every = (count: number, width: number, room: number): number =>
  Math.max(1, Math.ceil((count * room) / Math.max(width, 1)));
