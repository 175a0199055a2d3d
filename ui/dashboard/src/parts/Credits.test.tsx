import { MantineProvider } from '@mantine/core';
import { render } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { Credits, Tokens } from './Credits';
import { creditText, fileSize, shortNumber } from './number';

const shown = (part: React.ReactNode) => render(<MantineProvider>{part}</MantineProvider>).container.textContent;

describe('Credits', () => {
  it('never calls the unknown 0', () => {
    expect(shown(<Credits credits={null} />)).toContain('unknown');
    expect(shown(<Credits credits="0" complete={false} />)).toContain('unknown');
    expect(shown(<Tokens count={null} />)).toContain('unknown');
  });

  it('tells a lower bound from an amount', () => {
    expect(shown(<Credits credits="0" />)).toContain('0 cr');
    expect(shown(<Credits credits="1.5" />)).toContain('1.5 cr');
    expect(shown(<Credits credits="1.5" complete={false} />)).toContain('≥ 1.5 cr');
  });
});

describe('numbers', () => {
  it('keep what matters of small amounts', () => {
    expect(['0', '0.000004', '0.012345', '3.456', '1234.5'].map(creditText)).toEqual([
      '0',
      '0.000004',
      '0.0123',
      '3.46',
      '1,235',
    ]);
  });

  it('are short where they are large', () => {
    expect([99_999, 1_234_567].map(shortNumber)).toEqual(['99,999', '1.2M']);
    expect([640, 12_300, 3_565_158].map(fileSize)).toEqual(['640 B', '12 KB', '3.4 MB']);
  });
});
