import { describe, expect, it } from 'vitest';
import { diffLines } from './lines';

const marks = (before: string, after: string) =>
  diffLines(before, after).map((line) => `${{ same: ' ', removed: '-', added: '+' }[line.kind]}${line.text}`);

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

  it('does not fill the memory with huge texts', () => {
    const huge = (word: string) => Array.from({ length: 3000 }, (_, i) => `${word} ${i}`).join('\n');
    expect(diffLines(huge('a'), huge('b'))).toHaveLength(6000);
  });
});
