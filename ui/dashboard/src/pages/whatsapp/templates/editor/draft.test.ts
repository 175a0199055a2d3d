import { describe, expect, it } from 'vitest';
import type { Attachment } from '@/api/types';
import {
  type ButtonDraft,
  type Draft,
  componentsOf,
  emptyDraft,
  formatOf,
  problemsOf,
  shapeOfDraft,
  withButton,
} from './draft';

const draft = (changes: Partial<Draft>): Draft => ({ ...emptyDraft, body: 'Hi', ...changes });
const button = (kind: ButtonDraft['kind'], changes: Partial<ButtonDraft> = {}): ButtonDraft => ({
  key: kind,
  kind,
  text: '',
  value: '',
  sample: '',
  ...changes,
});

describe('a draft', () => {
  it('becomes what Meta takes, with counted variables', () => {
    const d = draft({
      header: 'text',
      headerText: ' Hello {{1}} ',
      body: 'Order {{1}} of {{2}} is here.',
      footer: ' Bye ',
      samples: { 'header 1': 'Ada', 'body 1': '7', 'body 2': ' May ' },
    });
    expect(formatOf(d)).toBe('positional');
    expect(componentsOf(d)).toEqual([
      { type: 'HEADER', format: 'TEXT', text: 'Hello {{1}}', example: { header_text: ['Ada'] } },
      { type: 'BODY', text: 'Order {{1}} of {{2}} is here.', example: { body_text: [['7', 'May']] } },
      { type: 'FOOTER', text: 'Bye' },
    ]);
  });

  it('becomes what Meta takes, with named variables', () => {
    const d = draft({
      header: 'text',
      headerText: 'Order {{order}}',
      body: 'Hi {{name}}.',
      samples: { 'body name': 'Ada' },
    });
    expect(formatOf(d)).toBe('named');
    expect(componentsOf(d)).toEqual([
      {
        type: 'HEADER',
        format: 'TEXT',
        text: 'Order {{order}}',
        example: { header_text_named_params: [{ param_name: 'order', example: '' }] },
      },
      {
        type: 'BODY',
        text: 'Hi {{name}}.',
        example: { body_text_named_params: [{ param_name: 'name', example: 'Ada' }] },
      },
    ]);
  });

  it('has files and all kinds of buttons', () => {
    const d = draft({
      header: 'video',
      headerText: 'left over {{x}}',
      headerFile: { id: 'a1' } as Attachment,
      buttons: [
        button('URL', { text: 'Go', value: 'https://x.example/{{1}}', sample: '7' }),
        button('URL', { text: 'Home', value: ' https://x.example/ ', sample: 'left over' }),
        button('PHONE_NUMBER', { text: 'Call', value: '+1 650' }),
        button('COPY_CODE', { sample: 'SAVE10' }),
        button('QUICK_REPLY', { text: ' Yes ' }),
      ],
    });
    expect(formatOf(d)).toBe('positional');
    expect(componentsOf(d)).toEqual([
      { type: 'HEADER', format: 'VIDEO' },
      { type: 'BODY', text: 'Hi' },
      {
        type: 'BUTTONS',
        buttons: [
          { type: 'URL', text: 'Go', url: 'https://x.example/{{1}}', example: ['7'] },
          { type: 'URL', text: 'Home', url: 'https://x.example/' },
          { type: 'PHONE_NUMBER', text: 'Call', phone_number: '+1 650' },
          { type: 'COPY_CODE', example: 'SAVE10' },
          { type: 'QUICK_REPLY', text: 'Yes' },
        ],
      },
    ]);
  });

  it('is shown with its samples', () => {
    const d = draft({
      header: 'image',
      body: 'Hi {{name}}, {{other}}.',
      samples: { 'body name': 'Ada' },
      buttons: [button('URL', { text: 'Go', value: 'https://x.example/{{1}}' }), button('COPY_CODE', { sample: 'X' })],
    });
    expect(shapeOfDraft(d)).toEqual({
      header: '',
      media: 'image',
      body: 'Hi Ada, {{other}}.',
      footer: '',
      actions: [
        { kind: 'url', text: 'Go', value: 'https://x.example/{{1}}' },
        { kind: 'copy_code', text: '', value: 'X' },
      ],
    });
  });

  it('of a one-time code has what Meta leaves open, and its words', () => {
    const d = draft({ category: 'AUTHENTICATION', header: 'text', headerText: 'left over {{x}}', body: 'left over' });
    expect(formatOf(d)).toBe('positional');
    expect(componentsOf(d)).toEqual([
      { type: 'BODY', add_security_recommendation: true },
      { type: 'FOOTER', code_expiration_minutes: 10 },
      { type: 'BUTTONS', buttons: [{ type: 'OTP', otp_type: 'COPY_CODE' }] },
    ]);
    expect(shapeOfDraft(d)).toEqual({
      header: '',
      media: '',
      body: '*{{1}}* is your verification code. For your security, do not share this code.',
      footer: 'This code expires in 10 minutes.',
      actions: [{ kind: 'copy_code', text: '', value: '' }],
    });
    const least = { ...d, code: { advice: false, minutes: ' ', button: ' Take it ' } };
    expect(componentsOf(least)).toEqual([
      { type: 'BODY', add_security_recommendation: false },
      { type: 'BUTTONS', buttons: [{ type: 'OTP', otp_type: 'COPY_CODE', text: 'Take it' }] },
    ]);
    const odd = { ...d, code: { ...d.code, minutes: '1x' } };
    expect(componentsOf(odd)[1]).toEqual({ type: 'FOOTER', code_expiration_minutes: '1x' });
    const errors = ['components.1.code_expiration_minutes', 'components.2.buttons.0.text'].map((path) => ({
      path,
      message: path,
    }));
    expect(Object.keys(problemsOf(d, errors))).toEqual(['minutes', 'codeButton']);
  });

  it('keeps quick replies together', () => {
    const kinds = (all: ButtonDraft[]) => all.map((b) => b.kind[0]).join('');
    let all: ButtonDraft[] = [];
    for (const kind of ['QUICK_REPLY', 'URL', 'QUICK_REPLY', 'PHONE_NUMBER'] as const)
      all = withButton(all, button(kind));
    expect(kinds(all)).toBe('QQUP');
  });
});

describe('what is wrong with a draft', () => {
  const d = draft({
    header: 'text',
    headerText: '{{1}} x',
    body: 'A {{1}}, {{2}} and {{3}}.',
    footer: 'F',
    samples: { 'body 2': 'b' },
    buttons: [button('QUICK_REPLY'), button('URL')],
  });
  const cases: [string, string[], string[]][] = [
    ['plain fields', ['name', 'language', 'category'], ['name', 'language', 'category']],
    ['texts', ['components.0.text', 'components.1.text', 'components.2.text'], ['header', 'body', 'footer']],
    [
      'missing samples in their order',
      ['components.0.example', 'components.1.example', 'components.1.example'],
      ['header 1', 'body 1', 'body 3'],
    ],
    [
      'buttons',
      [
        'components.3.buttons',
        'components.3.buttons.0.text',
        'components.3.buttons.1.url',
        'components.3.buttons.1.example',
      ],
      ['buttons', 'button 0 text', 'button 1 value', 'button 1 sample'],
    ],
    ['a file', ['header_sample'], ['headerFile']],
    ['what has no field', ['components', 'somewhere.else'], ['']],
  ];
  it.each(cases)('is put at its field: %s', (_, paths, fields) => {
    const errors = paths.map((path) => ({ path, message: path }));
    expect(Object.keys(problemsOf(d, errors))).toEqual(fields);
  });

  it('is about the file where the header has one', () => {
    const errors = [{ path: 'components.0.example', message: 'A sample, please.' }];
    expect(problemsOf(draft({ header: 'image' }), errors)).toEqual({ headerFile: 'A sample, please.' });
  });

  it('is said together where a field has two faults', () => {
    const errors = ['One.', 'Two.'].map((message) => ({ path: 'components.1.text', message }));
    expect(problemsOf(d, errors)).toEqual({ body: 'One. Two.' });
  });
});
