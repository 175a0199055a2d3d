import type { FieldError } from '@/api/error';
import type { Template, TemplateFill, TemplatePreview } from '@/api/types';
import { text } from '@/text/en';

type Slot = Template['variables'][number];

/** What was filled in, by the place in the template. */
export type Values = Record<string, string>;

export const keyOf = (v: Slot): string => `${v.part} ${v.name}`;

export const emptyValues = (template: Template): Values =>
  Object.fromEntries(template.variables.map((v) => [keyOf(v), '']));

/** The values as the API takes them; `file` is the header where that is a file. */
export function fillOf(template: Template, values: Values, file = ''): TemplateFill {
  const part = (name: Slot['part']) =>
    Object.fromEntries(
      template.variables.filter((v) => v.part === name).map((v) => [v.name, (values[keyOf(v)] ?? '').trim()]),
    );
  return {
    header: part('header'),
    body: part('body'),
    buttons: part('button'),
    ...(file && { header_file: file }),
  };
}

/** Puts what the server says (body.0, buttons.2, header_file) at the fields; "" is about none of them. */
export function faultsOf(template: Template, errors: readonly FieldError[]): Record<string, string> {
  const found: Record<string, string> = {};
  for (const { path, message } of errors) {
    const [part, n] = path.split('.');
    const slot =
      part === 'buttons'
        ? template.variables.find((v) => v.part === 'button' && v.index === Number(n))
        : template.variables.filter((v) => v.part === part)[Number(n)];
    found[slot ? keyOf(slot) : path === 'header_file' ? path : ''] ??= message;
  }
  return found;
}

/** A button and what it does. */
export interface Action {
  kind: string;
  text: string;
  value: string;
}

/** A template as it is shown. */
export interface Shape {
  header: string;
  /** The kind of file above the text, if there is one. */
  media: '' | 'image' | 'video' | 'document';
  body: string;
  footer: string;
  actions: Action[];
}

interface Component {
  type?: string;
  text?: string;
  format?: string;
  add_security_recommendation?: boolean;
  code_expiration_minutes?: number | string;
  buttons?: { type?: string; text?: string; url?: string; phone_number?: string }[];
}

const mediaOf = (format = ''): Shape['media'] => {
  const kind = format.toLowerCase();
  return kind === 'image' || kind === 'video' || kind === 'document' ? kind : '';
};

/** The button of a one-time code is made as an OTP, and Meta keeps it as an address of its own. */
const copiesCode = (b: { type?: string; url?: string }) =>
  b.type?.toUpperCase() === 'OTP' || Boolean(b.url?.startsWith('https://www.whatsapp.com/otp/'));

const { code } = text.whatsapp.templates;

/** A template as it is written, with its variables in braces. */
export function shapeOf(components: unknown): Shape {
  const shape: Shape = { header: '', media: '', body: '', footer: '', actions: [] };
  if (!Array.isArray(components)) return shape;
  const all = components as Component[];
  const ofCode = all.some((c) => c?.buttons?.some(copiesCode));
  for (const c of all) {
    switch (c?.type?.toUpperCase()) {
      case 'HEADER':
        shape.header = c.text ?? '';
        shape.media = mediaOf(c.format);
        break;
      case 'BODY':
        shape.body = c.text ?? (ofCode ? code.body(c.add_security_recommendation === true) : '');
        break;
      case 'FOOTER':
        shape.footer = c.text ?? (ofCode ? code.footer(`${c.code_expiration_minutes ?? ''}`) : '');
        break;
      case 'BUTTONS':
        shape.actions = (c.buttons ?? []).map((b) => ({
          kind: copiesCode(b) ? 'copy_code' : (b.type ?? '').toLowerCase(),
          text: b.text ?? '',
          value: copiesCode(b) ? '' : (b.url ?? b.phone_number ?? ''),
        }));
        break;
    }
  }
  return shape;
}

/** A template with its values. */
export const shapeOfPreview = (template: Template, p: TemplatePreview): Shape => ({
  header: template.header_media ? '' : p.header,
  media: template.header_media,
  body: p.body,
  footer: p.footer,
  actions: p.actions,
});

/** The names of the variables in a text, each once: names in order, numbers by their size. */
export const variablesIn = (s: string): string[] =>
  [...new Set([...s.matchAll(/\{\{\s*(\w+)\s*\}\}/g)].map((m) => m[1] ?? ''))].sort((a, b) =>
    /^\d+$/.test(a) && /^\d+$/.test(b) ? Number(a) - Number(b) : 0,
  );
