import type { ConversationQuery, Source } from '@/api/types';

export type Range = '' | 'today' | '7d' | '30d' | 'custom';
export type Flag = 'has_attachment' | 'has_error' | 'handed_over' | 'waiting' | 'resolved' | 'reviewed';
export type Sign = NonNullable<ConversationQuery['unanswered']>[number];
export type Sort = NonNullable<ConversationQuery['sort']>;

export const flags: readonly Flag[] = ['waiting', 'handed_over', 'resolved', 'reviewed', 'has_error', 'has_attachment'];
export const signs: readonly Sign[] = ['unknown', 'handover', 'unresolved', 'repeated'];
export const sources: readonly Source[] = ['test', 'widget', 'whatsapp', 'api'];
export const sorts: readonly Sort[] = ['-last_activity_at', '-started_at', '-message_count', '-credits'];

/**
 * The filters behind the numbers of analytics. Links from there set them; here
 * they can only be taken off.
 */
export const countedNames = [
  'started_from',
  'started_to',
  'evaluated',
  'version',
  'hour_of_week',
  'replied',
  'first_reply_from',
  'first_reply_to',
  'cost_complete',
  'topic',
  'passage',
  'tool',
  'model',
  'rating',
  'call',
  'unpriced',
] as const;
export type Counted = (typeof countedNames)[number];

/** What the list shows, as it stands in the URL. */
export interface Filters {
  q: string;
  source: Source[];
  assistant: string[];
  status: '' | 'active' | 'ended';
  range: Range;
  from: string; // YYYY-MM-DD in the viewer's zone, of a custom range, or an instant
  to: string; // the last day, inclusive, or the instant before which
  contact: string;
  flags: Partial<Record<Flag, boolean>>;
  tag: string[]; // any of these
  topicId: string; // of the questions that were asked, or had no answer
  unanswered: Sign[];
  variables: { name: string; value: string }[];
  counted: Partial<Record<Counted, string>>;
  sort: Sort;
}

export const noFilters: Filters = {
  q: '',
  source: [],
  assistant: [],
  status: '',
  range: '',
  from: '',
  to: '',
  contact: '',
  flags: {},
  tag: [],
  topicId: '',
  unanswered: [],
  variables: [],
  counted: {},
  sort: '-last_activity_at',
};

const oneOf = <T extends string>(allowed: readonly T[], value: string | null): T | undefined =>
  allowed.find((a) => a === value);

const day = (value: string | null): string =>
  value && /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}(\.\d+)?Z)?$/.test(value) ? value : '';

/** Whether a bound of a range is an instant and not a day. */
export const isInstant = (value: string): boolean => value.includes('T');

/** Reads the filters of a URL; what it does not know it leaves out. */
export function readFilters(params: URLSearchParams): Filters {
  const from = day(params.get('from'));
  const to = day(params.get('to'));
  const known: Partial<Record<Flag, boolean>> = {};
  for (const flag of flags) {
    const value = params.get(flag);
    if (value === 'true' || value === 'false') known[flag] = value === 'true';
  }
  const counted: Partial<Record<Counted, string>> = {};
  for (const name of countedNames) {
    const value = params.get(name);
    if (value) counted[name] = value;
  }
  return {
    q: params.get('q') ?? '',
    source: sources.filter((s) => params.getAll('source').includes(s)),
    assistant: params.getAll('assistant_id'),
    status: oneOf(['active', 'ended'] as const, params.get('status')) ?? '',
    range: from || to ? 'custom' : (oneOf(['today', '7d', '30d'] as const, params.get('range')) ?? ''),
    from,
    to,
    contact: params.get('contact') ?? '',
    flags: known,
    tag: params.getAll('tag'),
    topicId: params.get('topic_id') ?? '',
    unanswered: signs.filter((s) => params.getAll('unanswered').includes(s)),
    variables: [...params.entries()].flatMap(([key, value]) => {
      const name = /^variable\[(.+)\]$/.exec(key)?.[1];
      return name ? [{ name, value }] : [];
    }),
    counted,
    sort: oneOf(sorts, params.get('sort')) ?? '-last_activity_at',
  };
}

/** The URL of the filters, without what is at its default. */
export function writeFilters(f: Filters): URLSearchParams {
  const params = new URLSearchParams();
  if (f.q) params.set('q', f.q);
  for (const s of f.source) params.append('source', s);
  for (const a of f.assistant) params.append('assistant_id', a);
  if (f.status) params.set('status', f.status);
  if (f.range === 'custom') {
    if (f.from) params.set('from', f.from);
    if (f.to) params.set('to', f.to);
  } else if (f.range) {
    params.set('range', f.range);
  }
  if (f.contact) params.set('contact', f.contact);
  for (const flag of flags) {
    if (f.flags[flag] !== undefined) params.set(flag, String(f.flags[flag]));
  }
  for (const id of f.tag) params.append('tag', id);
  if (f.topicId) params.set('topic_id', f.topicId);
  for (const s of f.unanswered) params.append('unanswered', s);
  for (const v of f.variables) params.append(`variable[${v.name}]`, v.value);
  for (const name of countedNames) {
    const value = f.counted[name];
    if (value) params.set(name, value);
  }
  if (f.sort !== '-last_activity_at') params.set('sort', f.sort);
  return params;
}

// The start of a day in the viewer's zone, `shift` days later.
function startOfDay(date: Date, shift = 0): string {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() + shift).toISOString();
}

function parseDay(value: string): Date {
  const [y = 0, m = 1, d = 1] = value.split('-').map(Number);
  return new Date(y, m - 1, d);
}

function period(f: Filters, now: Date): { from?: string; to?: string } {
  switch (f.range) {
    case 'today':
      return { from: startOfDay(now) };
    case '7d':
      return { from: startOfDay(now, -6) };
    case '30d':
      return { from: startOfDay(now, -29) };
    case 'custom':
      return {
        from: isInstant(f.from) ? f.from : f.from ? startOfDay(parseDay(f.from)) : undefined,
        to: isInstant(f.to) ? f.to : f.to ? startOfDay(parseDay(f.to), 1) : undefined,
      };
    default:
      return {};
  }
}

/** What the API is asked. Days are those of the viewer's time zone. */
export function toQuery(f: Filters, now: Date): ConversationQuery & Record<`variable[${string}]`, string[]> {
  const query: ConversationQuery & Record<string, unknown> = { ...period(f, now), sort: f.sort };
  if (f.q.trim()) query.q = f.q.trim();
  if (f.source.length > 0) query.source = f.source;
  if (f.assistant.length > 0) query.assistant_id = f.assistant;
  if (f.status) query.status = f.status;
  if (f.contact.trim()) query.contact = f.contact.trim();
  for (const flag of flags) {
    const value = f.flags[flag];
    if (value !== undefined) query[flag] = value ? 'true' : 'false';
  }
  if (f.tag.length > 0) query.tag = f.tag;
  if (f.topicId) query.topic_id = f.topicId;
  if (f.unanswered.length > 0) query.unanswered = f.unanswered;
  for (const v of f.variables) {
    const key = `variable[${v.name}]`;
    query[key] = [...((query[key] as string[] | undefined) ?? []), v.value];
  }
  Object.assign(query, f.counted);
  return query as ReturnType<typeof toQuery>;
}

/** How many filters are set; the sort is none. */
export function countFilters(f: Filters): number {
  return (
    Number(f.q.trim() !== '') +
    Number(f.source.length > 0) +
    Number(f.assistant.length > 0) +
    Number(f.status !== '') +
    Number(f.range !== '') +
    Number(f.contact.trim() !== '') +
    Object.keys(f.flags).length +
    Number(f.tag.length > 0) +
    Number(f.topicId !== '') +
    Number(f.unanswered.length > 0) +
    f.variables.length +
    countedFilters(f).length
  );
}

/** The counted filters that are set, each with the names that belong together. */
export function countedFilters(f: Filters): { key: string; names: Counted[] }[] {
  const pairs: Counted[][] = [
    ['started_from', 'started_to'],
    ['first_reply_from', 'first_reply_to'],
  ];
  const single = countedNames.filter((n) => !pairs.some((p) => p.includes(n))).map((n) => [n]);
  return [...pairs, ...single]
    .filter((names) => names.some((n) => f.counted[n]))
    .map((names) => ({ key: names[0] as string, names }));
}
