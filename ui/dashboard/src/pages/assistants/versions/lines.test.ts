import { describe, expect, it } from 'vitest';
import { type Piece, diffLines, diffRows, diffWords, foldRows } from './lines';

const marks = (before: string, after: string) =>
  diffLines(before, after).map((line) => `${{ same: ' ', removed: '-', added: '+' }[line.kind]}${line.text}`);

const shown = (pieces: Piece[] | null) => pieces?.map((p) => (p.changed ? `[${p.text}]` : p.text)).join('') ?? null;

describe('diffLines', () => {
  it('finds what stayed, went and came', () => {
    expect(marks('a\nb\nc', 'a\nx\nc\nd')).toEqual([' a', '-b', '+x', ' c', '+d']);
  });

  it('says nothing about equal texts', () => {
    expect(diffLines('a\nb', 'a\nb').every((line) => line.kind === 'same')).toBe(true);
  });

  it('gives both texts back', () => {
    const before = 'one\ntwo\n\nthree\ntwo';
    const after = 'zero\ntwo\nthree\n\nfour';
    const lines = diffLines(before, after);
    const side = (without: string) =>
      lines
        .filter((line) => line.kind !== without)
        .map((line) => line.text)
        .join('\n');
    expect(side('added')).toBe(before);
    expect(side('removed')).toBe(after);
  });

  it('takes nothing for no line', () => {
    expect(marks('', 'a\nb')).toEqual(['+a', '+b']);
  });

  it('does not fill the memory with huge texts', () => {
    const huge = (word: string) => Array.from({ length: 3000 }, (_, i) => `${word} ${i}`).join('\n');
    expect(diffLines(huge('a'), huge('b'))).toHaveLength(6000);
  });
});

describe('diffWords', () => {
  it('marks the words that differ', () => {
    const both = diffWords('Answer in two sentences, kindly.', 'Answer in three short sentences, kindly.');
    expect(shown(both?.before ?? null)).toBe('Answer in [two] sentences, kindly.');
    expect(shown(both?.after ?? null)).toBe('Answer in [three short ]sentences, kindly.');
  });

  it('does not compare what has little in common', () => {
    expect(diffWords('Answer in two sentences.', 'Be quick!')).toBeNull();
  });

  it('sees that a line was continued', () => {
    const both = diffWords('You are kind.', 'You are kind to {contact_name}, who has written to us before.');
    expect(shown(both?.before ?? null)).toBe('You are kind.');
    expect(shown(both?.after ?? null)).toBe('You are kind[ to {contact_name}, who has written to us before].');
  });

  it('knows letters of every script', () => {
    expect(shown(diffWords('Grüße auf Deutsch', 'Grüße auf Bairisch')?.after ?? null)).toBe('Grüße auf [Bairisch]');
  });
});

describe('diffRows', () => {
  it('puts a changed line beside what it became', () => {
    const rows = diffRows('one\nbe kind to all\nend', 'one\nbe very kind to all\nnew line\nend');
    expect(rows.map((r) => [shown(r.before), shown(r.after)])).toEqual([
      ['one', 'one'],
      ['be kind to all', 'be [very ]kind to all'],
      [null, '[new line]'],
      ['end', 'end'],
    ]);
  });

  it('gives both texts back', () => {
    const before = 'a b c\n\nd\ne';
    const after = 'a x c\nd\nf g\n';
    const side = (of: 'before' | 'after') =>
      diffRows(before, after)
        .flatMap((r) => (r[of] === null ? [] : [r[of].map((p) => p.text).join('')]))
        .join('\n');
    expect(side('before')).toBe(before);
    expect(side('after')).toBe(after);
  });
});

describe('foldRows', () => {
  it('folds what is far from a change', () => {
    const text = (at9: string) => Array.from({ length: 20 }, (_, i) => (i === 9 ? at9 : `line ${i}`)).join('\n');
    const blocks = foldRows(diffRows(text('same words here'), text('same words there')));
    expect(blocks.map((b) => [b.kind, b.rows.length])).toEqual([
      ['fold', 6],
      ['rows', 7],
      ['fold', 7],
    ]);
  });

  it('folds nothing that is short', () => {
    expect(foldRows(diffRows('a\nb', 'a\nb')).map((b) => b.kind)).toEqual(['rows']);
  });
});
