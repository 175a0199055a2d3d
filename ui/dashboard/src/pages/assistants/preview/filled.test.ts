import { describe, expect, it } from 'vitest';
import { filledParts } from './filled';

const placeholders = [
  { name: 'name', value: 'Ada', known: true },
  { name: 'empty', value: '', known: true },
  { name: 'what', value: '', known: false },
];

describe('filledParts', () => {
  it('marks what was filled in', () => {
    const system = 'You are Ada, {what}.\n\n## Language\nEnglish';
    expect(filledParts('You are {name}, {what}{{ empty }}.', { system, placeholders })).toEqual([
      { text: 'You are ', filled: false },
      { text: 'Ada', filled: true },
      { text: ', {what}', filled: false },
      { text: '.', filled: false },
      { text: '\n\n## Language\nEnglish', filled: false },
    ]);
  });

  it('marks nothing in what was built of another prompt', () => {
    expect(filledParts('New {name}', { system: 'Old Ada', placeholders })).toEqual([
      { text: 'Old Ada', filled: false },
    ]);
  });
});
