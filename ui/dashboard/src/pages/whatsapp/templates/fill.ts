import type { Template, TemplateFill } from '@/api/types';

type Slot = Template['variables'][number];

/** What was filled in, by the place in the template. */
export type Values = Record<string, string>;

export const keyOf = (v: Slot): string => `${v.part} ${v.name}`;

export const emptyValues = (template: Template): Values =>
  Object.fromEntries(template.variables.map((v) => [keyOf(v), '']));

/** The values as the API takes them. */
export function fillOf(template: Template, values: Values): TemplateFill {
  const part = (name: Slot['part']) =>
    Object.fromEntries(
      template.variables.filter((v) => v.part === name).map((v) => [v.name, (values[keyOf(v)] ?? '').trim()]),
    );
  return { header: part('header'), body: part('body'), buttons: part('button') };
}

export interface Shape {
  header: string;
  body: string;
  footer: string;
  buttons: string[];
}

/** A template as it is written, with its variables in braces. */
export function shapeOf(components: unknown): Shape {
  const shape: Shape = { header: '', body: '', footer: '', buttons: [] };
  if (!Array.isArray(components)) return shape;
  for (const c of components as { type?: string; text?: string; format?: string; buttons?: { text?: string }[] }[]) {
    switch (c?.type) {
      case 'HEADER':
        shape.header = c.text ?? (c.format ? `[${c.format}]` : '');
        break;
      case 'BODY':
        shape.body = c.text ?? '';
        break;
      case 'FOOTER':
        shape.footer = c.text ?? '';
        break;
      case 'BUTTONS':
        shape.buttons = (c.buttons ?? []).map((b) => b.text ?? '').filter(Boolean);
        break;
    }
  }
  return shape;
}

/** The names of the variables in a text, each once, in order. */
export const variablesIn = (s: string): string[] => [
  ...new Set([...s.matchAll(/\{\{\s*(\w+)\s*\}\}/g)].map((m) => m[1] ?? '')),
];
