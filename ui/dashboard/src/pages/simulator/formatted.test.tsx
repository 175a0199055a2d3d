import { render } from '@testing-library/react';
import { expect, it } from 'vitest';
import { formatted } from './formatted';

it.each([
  ['plain 2*3*4 text', 'plain 2*3*4 text'],
  ['a *bold* word', 'a <strong>bold</strong> word'],
  ['_Source: *A* > B_', '<em>Source: <strong>A</strong> &gt; B</em>'],
  ['~gone~ and *not', '<s>gone</s> and *not'],
  ['<img src=x onerror=alert(1)>', '&lt;img src=x onerror=alert(1)&gt;'],
])('shows %s', (content, html) => {
  expect(render(<p>{formatted(content)}</p>).container.innerHTML).toBe(`<p>${html}</p>`);
});
