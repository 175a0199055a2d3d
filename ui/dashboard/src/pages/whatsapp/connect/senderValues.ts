import { ApiError } from '@/api/error';
import type { SaveSender, Sender } from '@/api/types';
import { text } from '@/text/en';

const t = text.whatsapp.form.problems;

/** The settings of a number as they stand in the fields. */
export interface SenderValues {
  name: string;
  phone_number_id: string;
  waba_id: string;
  token: string;
  base_url: string;
  graph_version: string;
  /** The id of a Meta app that is known; '' for a new one. */
  app: string;
  app_secret: string;
  assistant_id: string;
  ai_on: boolean;
  reply_delay_seconds: number;
}

export const valuesOf = (sender?: Sender): SenderValues => ({
  name: sender?.name ?? '',
  phone_number_id: sender?.phone_number_id ?? '',
  waba_id: sender?.waba_id ?? '',
  token: '',
  base_url: sender?.base_url ?? '',
  graph_version: sender?.graph_version ?? '',
  app: sender?.app.id ?? '',
  app_secret: '',
  assistant_id: sender?.assistant?.id ?? '',
  ai_on: sender?.ai_on ?? true,
  reply_delay_seconds: sender?.reply_delay_seconds ?? 0,
});

const digits = (v: string) => (/^\d{1,32}$/.test(v.trim()) ? null : t.digits);

/** What is wrong with each field before the server sees it. */
export const checksOf = (sender?: Sender) => ({
  name: (v: string) => (v.trim() ? null : t.name),
  phone_number_id: digits,
  waba_id: digits,
  token: (v: string) => (v.trim() || sender?.has_token ? null : t.token),
  base_url: (v: string) => (!v.trim() || /^https?:\/\/[^\s/@]+(\/[^\s]*)?$/.test(v.trim()) ? null : t.url),
  graph_version: (v: string) => (!v.trim() || /^v\d{1,3}\.\d$/.test(v.trim()) ? null : t.version),
  app_secret: (v: string, all: SenderValues) => (v.trim() || all.app ? null : t.secret),
  assistant_id: (v: string) => (v ? null : t.assistant),
  reply_delay_seconds: (v: number) => (Number.isInteger(v) && v >= 0 && v <= 300 ? null : t.delay),
});

/** The fields as the API takes them; secrets that are left empty are kept. */
export const bodyOf = (v: SenderValues, sender?: Sender): SaveSender => ({
  name: v.name.trim(),
  phone_number_id: v.phone_number_id.trim(),
  waba_id: v.waba_id.trim(),
  display_phone: sender?.display_phone || undefined,
  base_url: v.base_url.trim() || undefined,
  graph_version: v.graph_version.trim() || undefined,
  token: v.token.trim() || undefined,
  app: { id: v.app || undefined, app_secret: v.app_secret.trim() || undefined },
  assistant_id: v.assistant_id,
  ai_on: v.ai_on,
  reply_delay_seconds: v.reply_delay_seconds,
});

/** What "Test connection" tries. */
export const trialOf = (v: SenderValues, sender?: Sender) => ({
  id: sender?.id,
  phone_number_id: v.phone_number_id.trim() || undefined,
  waba_id: v.waba_id.trim() || undefined,
  base_url: v.base_url.trim() || undefined,
  graph_version: v.graph_version.trim() || undefined,
  token: v.token.trim() || undefined,
});

/**
 * What the server says of which field. A refusal of one field alone may have it
 * at the beginning of its sentence instead: "assistant_id: choose …".
 */
export function fieldErrors(error: unknown): Record<string, string> {
  if (!(error instanceof ApiError)) return {};
  const named = /^([a-z_.]+): (.+)$/s.exec(error.message);
  const all = error.fields.length > 0 || !named ? error.fields : [{ path: named[1]!, message: named[2]! }];
  return Object.fromEntries(all.map((f) => [f.path.split('.').pop() ?? '', f.message]));
}

/** The steps of connecting a number, in order, with the fields of each. */
export const steps = [
  { id: 'need', fields: [] },
  { id: 'number', fields: ['name', 'phone_number_id', 'waba_id', 'token', 'base_url', 'graph_version'] },
  { id: 'app', fields: ['app', 'app_secret'] },
  { id: 'answer', fields: ['assistant_id', 'ai_on', 'reply_delay_seconds'] },
] as const satisfies readonly { id: string; fields: readonly (keyof SenderValues)[] }[];

/** The first step that holds one of the fields; -1 if none does. */
export const stepOf = (fields: readonly string[]): number =>
  steps.findIndex((s) => s.fields.some((f) => fields.includes(f)));
