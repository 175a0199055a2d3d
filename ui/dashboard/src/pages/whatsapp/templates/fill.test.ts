import { describe, expect, it } from 'vitest';
import type { Template } from '@/api/types';
import { fillOf, shapeOf, variablesIn } from './fill';

const template = {
  variables: [
    { part: 'header', name: 'day', index: 0, example: '' },
    { part: 'body', name: '1', index: 0, example: '' },
    { part: 'button', name: '0', index: 0, example: '' },
  ],
} as unknown as Template;

describe('filling a template', () => {
  it('sorts the values by part', () => {
    expect(fillOf(template, { 'header day': ' Monday ', 'body 1': 'Ada' })).toEqual({
      header: { day: 'Monday' },
      body: { '1': 'Ada' },
      buttons: { '0': '' },
    });
  });

  it('shows its parts, whatever they hold', () => {
    const components = [
      { type: 'HEADER', format: 'IMAGE' },
      { type: 'BODY', text: 'Hi {{1}}' },
      { type: 'BUTTONS', buttons: [{ text: 'Yes' }, {}] },
    ];
    expect(shapeOf(components)).toEqual({ header: '[IMAGE]', body: 'Hi {{1}}', footer: '', buttons: ['Yes'] });
    expect(shapeOf('nonsense')).toEqual({ header: '', body: '', footer: '', buttons: [] });
  });

  it('names each variable once', () => {
    expect(variablesIn('{{1}} and {{ 2 }}, again {{1}}')).toEqual(['1', '2']);
  });
});
