import type { Export, ExportColumns, NewExport } from '@/api/types';
import { type Counted, type Filters, countedNames, flags, toQuery } from '@/pages/conversations/filters';

export type Format = NewExport['format'];
export type Rows = NonNullable<NewExport['rows']>;
export type Hidden = NonNullable<NewExport['hide']>[number];
export type ExportFilter = NonNullable<NewExport['filter']>;

export const formats: readonly Format[] = ['csv', 'xlsx', 'jsonl', 'zip', 'openai', 'sharegpt', 'markdown', 'html'];
export const hideable: readonly Hidden[] = ['email', 'phone', 'card', 'iban'];

/** What a person chooses in the dialog. */
export interface Choices {
  format: Format;
  rows: Rows;
  columns: string[] | null; // null: the usual ones
  hide: Hidden[];
  timeZone: string;
  systemPrompt: boolean;
}

export const hasColumns = (format: Format): boolean => format === 'csv' || format === 'xlsx';
/** Whether people read times in it; those of whole conversations are in UTC. */
export const hasTimes = (format: Format): boolean => format !== 'jsonl' && format !== 'zip' && !isExample(format);
export const isExample = (format: Format): boolean => format === 'openai' || format === 'sharegpt';

/** The list's filters as an export takes them: it holds exactly what the list shows. */
export function toFilter(filters: Filters, now: Date): ExportFilter {
  const query = toQuery(filters, now);
  const filter: ExportFilter = {};
  if (query.source) filter.source = query.source;
  if (query.assistant_id) filter.assistant_id = query.assistant_id;
  if (filters.status) filter.status = filters.status;
  if (query.from) filter.from = query.from;
  if (query.to) filter.to = query.to;
  if (query.q) filter.q = query.q;
  if (query.contact) filter.contact = query.contact;
  if (query.tag) filter.tag = query.tag;
  if (query.topic_id) filter.topic_id = query.topic_id;
  if (query.unanswered) filter.unanswered = query.unanswered;
  for (const flag of flags) {
    const value = filters.flags[flag];
    if (value !== undefined) filter[flag] = value;
  }
  for (const { name, value } of filters.variables) {
    filter.variables = { ...filter.variables, [name]: [...(filter.variables?.[name] ?? []), value] };
  }
  return { ...filter, ...ofAnalytics(filters.counted) };
}

// What the filters behind the numbers of analytics are, which the URL holds as text.
const counted: Record<Counted, 'text' | 'number' | 'flag'> = {
  started_from: 'text',
  started_to: 'text',
  evaluated: 'flag',
  version: 'number',
  hour_of_week: 'number',
  replied: 'flag',
  first_reply_from: 'number',
  first_reply_to: 'number',
  cost_complete: 'flag',
  topic: 'text',
  passage: 'text',
  tool: 'text',
  model: 'text',
  rating: 'number',
  call: 'text',
  unpriced: 'text',
};

// What is no number or flag stays as it is: the server refuses it, as it does for the list.
const read = {
  text: (value: string) => value,
  number: (value: string) => (Number.isNaN(Number(value)) ? value : Number(value)),
  flag: (value: string) => (value === 'true' || value === 'false' ? value === 'true' : value),
} as const;

/** Every one of these filters that is set: one that were left out would let through what the list does not show. */
function ofAnalytics(filters: Filters['counted']): ExportFilter {
  const set = countedNames.flatMap((name) => {
    const value = filters[name];
    return value ? [[name, read[counted[name]](value)] as const] : [];
  });
  return Object.fromEntries(set) as ExportFilter;
}

/** What the server is asked for; choices that mean nothing for the format are left out. */
export function toRequest(filter: ExportFilter, c: Choices): NewExport {
  const request: NewExport = { format: c.format, filter, time_zone: c.timeZone };
  if (c.hide.length > 0) request.hide = hideable.filter((h) => c.hide.includes(h));
  if (hasColumns(c.format)) {
    request.rows = c.rows;
    if (c.columns && c.columns.length > 0) request.columns = c.columns;
  }
  if (isExample(c.format) && c.systemPrompt) request.system_prompt = true;
  return request;
}

/** The first column that there is not. */
export function unknownColumn(columns: string[], known: ExportColumns | undefined, rows: Rows): string | undefined {
  if (!known) return undefined;
  const names = new Set(known[rows].map((c) => c.name));
  return columns.find((c) => !names.has(c) && !(rows === 'conversations' && /^variable\../.test(c)));
}

export const isFinished = (e: Export): boolean => e.state !== 'queued' && e.state !== 'running';

/** How much of it is written, in percent; null where nobody knows. */
export function percent(e: Export): number | null {
  if (e.state === 'done') return 100;
  if (!e.total) return null;
  return Math.min(99, Math.floor((100 * e.done) / e.total));
}

/** How many filters an export was made with. */
export const countOf = (e: Export): number => Object.keys(e.request.filter ?? {}).length;
