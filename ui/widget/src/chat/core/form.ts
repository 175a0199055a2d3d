import type { Field, Value } from '../../protocol';

/** What is wrong with a value: a key of the texts, and a number for it. */
export type Wrong = { key: string; count?: number } | { text: string };

const email = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;
const phone = /^\+[\d\s().-]{6,24}$/;

/** Checks a field as the server does again. */
export function check(f: Field, raw: string | boolean): Wrong | null {
  if (f.type === 'checkbox') return f.required && !raw ? { key: 'field_required' } : null;
  const text = String(raw).trim();
  if (!text) return f.required ? { key: 'field_required' } : null;
  if (f.max_length && [...text].length > f.max_length) return { key: 'field_long', count: f.max_length };
  if (f.type === 'email' && !email.test(text)) return { key: 'field_email' };
  if (f.type === 'phone' && !phone.test(text)) return { key: 'field_phone' };
  if (f.type === 'number') {
    const n = Number(text.replace(',', '.'));
    if (!Number.isFinite(n)) return { key: 'field_number' };
    if (f.min !== null && n < f.min) return { key: 'field_min', count: f.min };
    if (f.max !== null && n > f.max) return { key: 'field_max', count: f.max };
  }
  if (f.pattern && !new RegExp(`^(?:${f.pattern})$`, 'u').test(text)) {
    return f.pattern_hint ? { text: f.pattern_hint } : { key: 'field_pattern' };
  }
  return null;
}

/** The values as the server takes them; what is empty is left out. */
export function values(fields: Field[], raw: Record<string, string | boolean>): Record<string, Value> {
  const out: Record<string, Value> = {};
  for (const f of fields) {
    const v = raw[f.name];
    if (typeof v === 'boolean') out[f.name] = v;
    else if (v?.trim()) out[f.name] = f.type === 'number' ? Number(v.replace(',', '.')) : v.trim();
  }
  return out;
}
