/** One line of a comparison. */
export interface DiffLine {
  kind: 'same' | 'removed' | 'added';
  text: string;
}

/** A piece of a line; it may be what makes the line differ. */
export interface Piece {
  text: string;
  changed: boolean;
}

/** A line of both texts beside each other; null where one of them has none. */
export interface DiffRow {
  kind: 'same' | 'changed';
  before: Piece[] | null;
  after: Piece[] | null;
}

/** Rows that are shown, or that many which are the same and may be folded. */
export type Block = { kind: 'rows'; rows: DiffRow[] } | { kind: 'fold'; rows: DiffRow[] };

// Beyond this many cells the table of the comparison would be too large; then
// everything counts as changed.
const largestTable = 4_000_000;

/** Compares two texts line by line, by their longest common subsequence. */
export function diffLines(before: string, after: string): DiffLine[] {
  return diffLists(linesOf(before), linesOf(after));
}

// Nothing has no lines, rather than an empty one that could go.
const linesOf = (text: string): string[] => (text === '' ? [] : text.split('\n'));

function diffLists(a: readonly string[], b: readonly string[]): DiffLine[] {
  if (a.length * b.length > largestTable) {
    return [
      ...a.map((text): DiffLine => ({ kind: 'removed', text })),
      ...b.map((text): DiffLine => ({ kind: 'added', text })),
    ];
  }
  const width = b.length + 1;
  const longest = new Uint32Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const at = i * width + j;
      longest[at] =
        a[i] === b[j] ? (longest[at + width + 1] ?? 0) + 1 : Math.max(longest[at + width] ?? 0, longest[at + 1] ?? 0);
    }
  }
  const out: DiffLine[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const at = i * width + j;
    if (i < a.length && j < b.length && a[i] === b[j]) {
      out.push({ kind: 'same', text: a[i] ?? '' });
      i++;
      j++;
    } else if (j >= b.length || (i < a.length && (longest[at + width] ?? 0) >= (longest[at + 1] ?? 0))) {
      out.push({ kind: 'removed', text: a[i++] ?? '' });
    } else {
      out.push({ kind: 'added', text: b[j++] ?? '' });
    }
  }
  return out;
}

const words = (line: string): string[] => line.match(/[\p{L}\p{N}_]+|\s+|[^\p{L}\p{N}_\s]/gu) ?? [];

/** Compares two lines word by word; null if they have too little in common to be one line that was changed. */
export function diffWords(before: string, after: string): { before: Piece[]; after: Piece[] } | null {
  const parts = diffLists(words(before), words(after));
  const kept = parts.filter((p) => p.kind === 'same').reduce((n, p) => n + p.text.trim().length, 0);
  const sizes = [before, after].map((line) => line.replace(/\s/g, '').length);
  // Most of a line may be new, if nearly all of the other is still in it.
  if (kept < Math.max(...sizes) * 0.35 && kept < Math.max(8, Math.min(...sizes) * 0.7)) return null;
  return { before: pieces(parts, 'removed'), after: pieces(parts, 'added') };
}

function pieces(parts: readonly DiffLine[], kind: 'removed' | 'added'): Piece[] {
  const out: Piece[] = [];
  for (const part of parts) {
    if (part.kind !== 'same' && part.kind !== kind) continue;
    const changed = part.kind === kind;
    append(out, { text: part.text, changed });
  }
  return out;
}

// A space between two words that differ is no break.
function append(out: Piece[], piece: Piece) {
  const [before, space] = out.slice(-2);
  if (piece.changed && before?.changed && space && !space.changed && !space.text.trim()) {
    before.text += out.pop()?.text ?? '';
  }
  const last = out.at(-1);
  if (last?.changed === piece.changed) last.text += piece.text;
  else out.push(piece);
}

/** Puts two texts beside each other, line by line; a line that was changed stands beside what it became. */
export function diffRows(before: string, after: string): DiffRow[] {
  const rows: DiffRow[] = [];
  let gone: string[] = [];
  let come: string[] = [];
  const flush = () => {
    for (let i = 0; i < Math.max(gone.length, come.length); i++) {
      rows.push(...paired(gone[i], come[i]));
    }
    gone = [];
    come = [];
  };
  for (const line of diffLines(before, after)) {
    if (line.kind === 'removed') gone.push(line.text);
    else if (line.kind === 'added') come.push(line.text);
    else {
      flush();
      const whole = [{ text: line.text, changed: false }];
      rows.push({ kind: 'same', before: whole, after: whole });
    }
  }
  flush();
  return rows;
}

function paired(before: string | undefined, after: string | undefined): DiffRow[] {
  const both = before !== undefined && after !== undefined ? diffWords(before, after) : null;
  if (both) return [{ kind: 'changed', ...both }];
  const all = (text: string | undefined) => (text === undefined ? null : [{ text, changed: true }]);
  return [{ kind: 'changed', before: all(before), after: all(after) }];
}

/** Folds what is the same, but for some lines around each change. */
export function foldRows(rows: readonly DiffRow[], around = 3): Block[] {
  const near = (i: number) => rows.slice(Math.max(0, i - around), i + around + 1).some((row) => row.kind === 'changed');
  const blocks: Block[] = [];
  rows.forEach((row, i) => {
    const kind = near(i) ? 'rows' : 'fold';
    const last = blocks.at(-1);
    if (last?.kind === kind) last.rows.push(row);
    else blocks.push({ kind, rows: [row] });
  });
  // Folding one or two lines saves nothing.
  return blocks.map((block) => (block.rows.length < 3 ? { kind: 'rows', rows: block.rows } : block));
}
