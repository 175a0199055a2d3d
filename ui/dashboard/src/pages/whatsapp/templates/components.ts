import { variablesIn } from './fill';

export interface Draft {
  header: string;
  body: string;
  footer: string;
  buttons: string[];
  /** By "body 1" or "header 1". */
  samples: Record<string, string>;
}

/** A draft as Meta's API has it, with a sample for each variable. */
export function componentsOf(draft: Draft): object[] {
  const samples = (part: string, s: string) =>
    variablesIn(s).map((name) => (draft.samples[`${part} ${name}`] ?? '').trim());
  const parts: object[] = [];
  const header = draft.header.trim();
  if (header) {
    const all = samples('header', header);
    parts.push({
      type: 'HEADER',
      format: 'TEXT',
      text: header,
      ...(all.length > 0 && { example: { header_text: all } }),
    });
  }
  const all = samples('body', draft.body);
  parts.push({ type: 'BODY', text: draft.body, ...(all.length > 0 && { example: { body_text: [all] } }) });
  if (draft.footer.trim()) parts.push({ type: 'FOOTER', text: draft.footer.trim() });
  const buttons = draft.buttons.map((b) => b.trim()).filter(Boolean);
  if (buttons.length > 0) {
    parts.push({ type: 'BUTTONS', buttons: buttons.map((b) => ({ type: 'QUICK_REPLY', text: b })) });
  }
  return parts;
}
