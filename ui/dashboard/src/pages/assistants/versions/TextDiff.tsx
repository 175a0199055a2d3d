import { useMemo, useState } from 'react';
import { text } from '@/text/en';
import classes from './TextDiff.module.css';
import { type DiffRow, type Piece, diffRows, foldRows } from './lines';

const t = text.workshop.compare;

/** Two texts beside each other; one below the other where there is no room. */
export function TextDiff({ before, after }: { before: string; after: string }) {
  const blocks = useMemo(() => foldRows(diffRows(before, after)), [before, after]);
  const [opened, setOpened] = useState<ReadonlySet<number>>(new Set());
  return (
    <div className={classes.diff} tabIndex={0} role="group">
      {blocks.map((block, i) =>
        block.kind === 'rows' || opened.has(i) ? (
          block.rows.map((row, j) => <Row key={`${i} ${j}`} row={row} />)
        ) : (
          <button
            key={i}
            type="button"
            className={classes.fold}
            onClick={() => setOpened((open) => new Set([...open, i]))}
          >
            {t.showLines(block.rows.length)}
          </button>
        ),
      )}
    </div>
  );
}

function Row({ row }: { row: DiffRow }) {
  const same = row.kind === 'same';
  return (
    <div className={classes.row} data-same={same || undefined}>
      <Cell pieces={row.before} kind={same ? 'same' : 'removed'} />
      <Cell pieces={row.after} kind={same ? 'same' : 'added'} />
    </div>
  );
}

function Cell({ pieces, kind }: { pieces: Piece[] | null; kind: 'same' | 'removed' | 'added' }) {
  if (!pieces) return <div className={classes.none} />;
  const Mark = kind === 'removed' ? 'del' : 'ins';
  return (
    <div className={classes[kind]}>
      <span aria-hidden className={classes.sign}>
        {kind === 'added' ? '+' : kind === 'removed' ? '−' : ''}
      </span>
      {kind !== 'same' && <span className="sr-only">{kind === 'added' ? t.added : t.removed}</span>}
      <span className={classes.text}>
        {pieces.map((p, i) => (p.changed ? <Mark key={i}>{p.text}</Mark> : <span key={i}>{p.text}</span>))}
        {'\u200b'}
      </span>
    </div>
  );
}
