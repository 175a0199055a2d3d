import type { FieldError } from '@/api/error';
import type { Attachment, Template } from '@/api/types';
import { type Action, type Shape, shapeOf, variablesIn } from '../fill';

export type HeaderKind = 'none' | 'text' | 'image' | 'video' | 'document';
export type ButtonKind = 'QUICK_REPLY' | 'URL' | 'PHONE_NUMBER' | 'COPY_CODE';

export interface ButtonDraft {
  key: string;
  kind: ButtonKind;
  /** What stands on it; WhatsApp writes that of a code. */
  text: string;
  /** The address or the phone number. */
  value: string;
  /** What the variable of the address may be, or a code. */
  sample: string;
}

/** What Meta leaves open of a one-time code. */
export interface CodeDraft {
  /** Whether it says not to share the code. */
  advice: boolean;
  /** After how many minutes the code expires; empty: it is not said. */
  minutes: string;
  /** What stands on the button; empty: Meta’s words. */
  button: string;
}

export interface Draft {
  name: string;
  language: string;
  category: Template['category'];
  header: HeaderKind;
  headerText: string;
  headerFile: Attachment | null;
  body: string;
  footer: string;
  buttons: ButtonDraft[];
  /** Of the category AUTHENTICATION, in place of all parts above. */
  code: CodeDraft;
  /** By "body name" or "header 1". */
  samples: Record<string, string>;
}

export const emptyDraft: Draft = {
  name: '',
  language: 'en_US',
  category: 'UTILITY',
  header: 'none',
  headerText: '',
  headerFile: null,
  body: '',
  footer: '',
  buttons: [],
  code: { advice: true, minutes: '10', button: '' },
  samples: {},
};

export const isCode = (d: Draft) => d.category === 'AUTHENTICATION';

/** How many buttons of a kind Meta allows. */
export const mostOf: Record<ButtonKind, number> = { QUICK_REPLY: 10, URL: 2, PHONE_NUMBER: 1, COPY_CODE: 1 };
export const mostButtons = 10;

/** Puts a button behind those of its sort: Meta wants quick replies together. */
export function withButton(buttons: readonly ButtonDraft[], added: ButtonDraft): ButtonDraft[] {
  const isQuick = (b: ButtonDraft) => b.kind === 'QUICK_REPLY';
  const last = buttons.findLastIndex((b) => isQuick(b) === isQuick(added));
  return last < 0 ? [...buttons, added] : [...buttons.slice(0, last + 1), added, ...buttons.slice(last + 1)];
}

export type Part = 'header' | 'body';
export const sampleKey = (part: Part, name: string) => `${part} ${name}`;

const headerText = (d: Draft) => (d.header === 'text' ? d.headerText.trim() : '');
const textOf = (d: Draft, part: Part) => (isCode(d) ? '' : part === 'header' ? headerText(d) : d.body);
const sampleOf = (d: Draft, part: Part, name: string) => (d.samples[sampleKey(part, name)] ?? '').trim();

/** The variables of a part that need a sample. */
export const variablesOf = (d: Draft, part: Part) => variablesIn(textOf(d, part));

/** Variables are named as soon as one of them has a name. */
export const formatOf = (d: Draft): Template['format'] =>
  [...variablesOf(d, 'header'), ...variablesOf(d, 'body')].some((v) => !/^\d+$/.test(v)) ? 'named' : 'positional';

function exampleOf(d: Draft, part: Part) {
  const names = variablesOf(d, part);
  if (names.length === 0) return {};
  if (formatOf(d) === 'named') {
    const named = names.map((name) => ({ param_name: name, example: sampleOf(d, part, name) }));
    return { example: { [`${part}_text_named_params`]: named } };
  }
  const counted = names.map((name) => sampleOf(d, part, name));
  return { example: part === 'header' ? { header_text: counted } : { body_text: [counted] } };
}

function buttonOf(b: ButtonDraft) {
  const text = b.text.trim();
  const sample = b.sample.trim();
  switch (b.kind) {
    case 'QUICK_REPLY':
      return { type: b.kind, text };
    case 'PHONE_NUMBER':
      return { type: b.kind, text, phone_number: b.value.trim() };
    case 'COPY_CODE':
      return { type: b.kind, example: sample };
    case 'URL':
      return {
        type: b.kind,
        text,
        url: b.value.trim(),
        ...(variablesIn(b.value).length > 0 && { example: [sample] }),
      };
  }
}

interface Component {
  type: string;
  [key: string]: unknown;
}

/** A draft as Meta's API has it, with a sample for each variable; that of a file is uploaded by the server. */
export function componentsOf(d: Draft): Component[] {
  if (isCode(d)) return codeOf(d.code);
  const parts: Component[] = [];
  if (d.header === 'text')
    parts.push({ type: 'HEADER', format: 'TEXT', text: headerText(d), ...exampleOf(d, 'header') });
  else if (d.header !== 'none') parts.push({ type: 'HEADER', format: d.header.toUpperCase() });
  parts.push({ type: 'BODY', text: d.body, ...exampleOf(d, 'body') });
  if (d.footer.trim()) parts.push({ type: 'FOOTER', text: d.footer.trim() });
  if (d.buttons.length > 0) parts.push({ type: 'BUTTONS', buttons: d.buttons.map(buttonOf) });
  return parts;
}

/** A one-time code: Meta writes its words. */
function codeOf({ advice, minutes, button }: CodeDraft): Component[] {
  const text = button.trim();
  const number = Number(minutes);
  return [
    { type: 'BODY', add_security_recommendation: advice },
    ...(minutes.trim()
      ? [{ type: 'FOOTER', code_expiration_minutes: Number.isFinite(number) ? number : minutes }]
      : []),
    { type: 'BUTTONS', buttons: [{ type: 'OTP', otp_type: 'COPY_CODE', ...(text && { text }) }] },
  ];
}

/** The draft as it will look, with its samples in their places. */
export function shapeOfDraft(d: Draft): Shape {
  if (isCode(d)) return shapeOf(componentsOf(d));
  const filled = (part: Part) =>
    textOf(d, part).replaceAll(/\{\{\s*(\w+)\s*\}\}/g, (braces, name: string) => sampleOf(d, part, name) || braces);
  const action = (b: ButtonDraft): Action => ({
    kind: b.kind.toLowerCase(),
    text: b.text.trim(),
    value: b.kind === 'COPY_CODE' ? b.sample.trim() : b.value.trim().replace(/\{\{1\}\}$/, b.sample.trim() || '{{1}}'),
  });
  return {
    header: filled('header'),
    media: d.header === 'none' || d.header === 'text' ? '' : d.header,
    body: filled('body'),
    footer: d.footer.trim(),
    actions: d.buttons.map(action),
  };
}

/** What is wrong, by field: "name", "body", "body name", "button 0 text"; "" is about no field here. */
export type Problems = Record<string, string>;

/** Puts what the server says of Meta's components at the fields of the draft. */
export function problemsOf(d: Draft, errors: readonly FieldError[]): Problems {
  const parts = componentsOf(d);
  const found: Problems = {};
  for (const { path, message } of errors) {
    const field = fieldOf(d, parts, path, found);
    found[field] = field in found ? `${found[field]} ${message}` : message;
  }
  return found;
}

function fieldOf(d: Draft, parts: readonly Component[], path: string, found: Problems): string {
  if (path === 'name' || path === 'language' || path === 'category') return path;
  if (path === 'header_sample') return 'headerFile';
  const [, n, rest = ''] = /^components\.(\d+)\.(.+)$/.exec(path) ?? [];
  switch (parts[Number(n)]?.type) {
    case 'HEADER':
      if (rest !== 'example') return 'header';
      return d.header === 'text' ? nextSample(d, 'header', found) : 'headerFile';
    case 'BODY':
      return rest === 'example' ? nextSample(d, 'body', found) : 'body';
    case 'FOOTER':
      return isCode(d) ? 'minutes' : 'footer';
    case 'BUTTONS': {
      if (isCode(d)) return 'codeButton';
      const [, i, what] = /^buttons\.(\d+)\.(.+)$/.exec(rest) ?? [];
      if (i === undefined) return 'buttons';
      return `button ${i} ${what === 'text' ? 'text' : what === 'example' ? 'sample' : 'value'}`;
    }
  }
  return '';
}

/** The server names a missing sample's component; they come in the order of the variables. */
function nextSample(d: Draft, part: Part, found: Problems): string {
  const missing = variablesOf(d, part).filter((name) => !sampleOf(d, part, name));
  const name = missing.find((v) => !(sampleKey(part, v) in found));
  return name === undefined ? part : sampleKey(part, name);
}
