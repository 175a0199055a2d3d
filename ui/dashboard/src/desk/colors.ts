/** The colours that a tag can be given; each keeps its contrast in both schemes through TagMark. */
export const tagColors = [
  '#6366f1',
  '#0ea5e9',
  '#14b8a6',
  '#22c55e',
  '#eab308',
  '#f97316',
  '#ef4444',
  '#ec4899',
  '#a855f7',
  '#64748b',
] as const;

/** The colour of a new tag: the one that is used least. */
export function nextColor(used: readonly string[]): string {
  const count = (color: string) => used.filter((u) => u === color).length;
  return tagColors.reduce<string>((best, color) => (count(color) < count(best) ? color : best), tagColors[0]);
}
