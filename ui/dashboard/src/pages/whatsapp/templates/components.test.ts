import { expect, it } from 'vitest';
import { componentsOf } from './components';

it('makes of a draft what Meta takes', () => {
  const draft = {
    header: ' Hello {{1}} ',
    body: 'Order {{1}} of {{2}} is here.',
    footer: '',
    buttons: ['Yes', ' '],
    samples: { 'header 1': 'Ada', 'body 1': '7', 'body 2': 'May' },
  };
  expect(componentsOf(draft)).toEqual([
    { type: 'HEADER', format: 'TEXT', text: 'Hello {{1}}', example: { header_text: ['Ada'] } },
    { type: 'BODY', text: 'Order {{1}} of {{2}} is here.', example: { body_text: [['7', 'May']] } },
    { type: 'BUTTONS', buttons: [{ type: 'QUICK_REPLY', text: 'Yes' }] },
  ]);
  expect(componentsOf({ header: '', body: 'Hi', footer: 'Bye', buttons: [], samples: {} })).toEqual([
    { type: 'BODY', text: 'Hi' },
    { type: 'FOOTER', text: 'Bye' },
  ]);
});
