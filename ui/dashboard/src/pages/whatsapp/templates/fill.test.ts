import { describe, expect, it } from 'vitest';
import type { Template, TemplatePreview } from '@/api/types';
import { faultsOf, fillOf, shapeOf, shapeOfPreview, variablesIn } from './fill';

const template = {
  header_media: '',
  variables: [
    { part: 'header', name: 'day', index: 0, example: '' },
    { part: 'body', name: '1', index: 0, example: '' },
    { part: 'button', name: '2', index: 2, example: '', kind: 'url' },
  ],
} as unknown as Template;

describe('filling a template', () => {
  it('sorts the values by part', () => {
    const values = { 'header day': ' Monday ', 'body 1': 'Ada' };
    expect(fillOf(template, values)).toEqual({
      header: { day: 'Monday' },
      body: { '1': 'Ada' },
      buttons: { '2': '' },
    });
    expect(fillOf(template, values, 'file-1').header_file).toBe('file-1');
  });

  it('puts what is wrong at its field', () => {
    const errors = ['header.0', 'body.0', 'body.7', 'buttons.2', 'header_file'].map((path) => ({
      path,
      message: path,
    }));
    expect(faultsOf(template, errors)).toEqual({
      'header day': 'header.0',
      'body 1': 'body.0',
      '': 'body.7',
      'button 2': 'buttons.2',
      header_file: 'header_file',
    });
  });

  it('shows its parts, whatever they hold', () => {
    const components = [
      { type: 'HEADER', format: 'IMAGE' },
      { type: 'BODY', text: 'Hi {{1}}' },
      { type: 'BUTTONS', buttons: [{ type: 'URL', text: 'Go', url: 'https://x.example/{{1}}' }, {}] },
    ];
    expect(shapeOf(components)).toEqual({
      header: '',
      media: 'image',
      body: 'Hi {{1}}',
      footer: '',
      actions: [
        { kind: 'url', text: 'Go', value: 'https://x.example/{{1}}' },
        { kind: '', text: '', value: '' },
      ],
    });
    expect(shapeOf('nonsense')).toEqual({ header: '', media: '', body: '', footer: '', actions: [] });
  });

  it('knows the button of a one-time code as Meta keeps it', () => {
    const url = 'https://www.whatsapp.com/otp/code/?otp_type=COPY_CODE&code=otp{{1}}';
    const components = [
      { type: 'BODY', text: '*{{1}}* ist dein Code.' },
      { type: 'BUTTONS', buttons: [{ type: 'URL', text: 'Kopieren', url }] },
    ];
    expect(shapeOf(components)).toMatchObject({
      body: '*{{1}}* ist dein Code.',
      footer: '',
      actions: [{ kind: 'copy_code', text: 'Kopieren', value: '' }],
    });
  });

  it('shows a file in place of the words for it', () => {
    const preview = { header: '[Image]', body: 'Hi', footer: '', buttons: [], actions: [], price: '', blocked: '' };
    expect(shapeOfPreview({ ...template, header_media: 'image' }, preview as TemplatePreview)).toEqual({
      header: '',
      media: 'image',
      body: 'Hi',
      footer: '',
      actions: [],
    });
  });

  it('names each variable once, numbers in their order', () => {
    expect(variablesIn('{{2}} and {{ 1 }}, again {{2}}')).toEqual(['1', '2']);
    expect(variablesIn('{{name}}, {{day}}')).toEqual(['name', 'day']);
  });
});
