import type { AnalyticsNumbers } from '@/api/types';
import { text } from '@/text/en';
import { cost, count, credits, orNone, percent, seconds } from './format';

export interface Measure {
  key: keyof typeof text.analytics.series.measures;
  value: (n: AnalyticsNumbers) => number | null;
  format: (value: number) => string;
  /** The number in words, where more than itself belongs to it. */
  said?: (n: AnalyticsNumbers) => string;
  kind: 'bar' | 'line';
  /** The name of the filter in `lists` behind the number; '' for all conversations. */
  list: string;
}

/** What the chart over time can show. */
export const measures: readonly Measure[] = [
  { key: 'conversations', value: (n) => n.conversations, format: count, kind: 'bar', list: '' },
  { key: 'contacts', value: (n) => n.contacts, format: count, kind: 'bar', list: '' },
  { key: 'messages', value: (n) => n.messages, format: count, kind: 'bar', list: '' },
  { key: 'resolution_rate', value: (n) => n.resolution_rate, format: percent, kind: 'line', list: 'evaluated' },
  { key: 'handover_rate', value: (n) => n.handover_rate, format: percent, kind: 'line', list: 'handed_over' },
  { key: 'first_reply', value: (n) => n.first_reply.p50, format: seconds, kind: 'line', list: 'replied' },
  { key: 'reply', value: (n) => n.reply.p50, format: seconds, kind: 'line', list: 'replied' },
  { key: 'duration', value: (n) => n.duration.p50, format: seconds, kind: 'line', list: '' },
  { key: 'tokens', value: (n) => n.input_tokens + n.output_tokens, format: count, kind: 'bar', list: '' },
  {
    key: 'credits',
    value: (n) => Number(n.credits),
    said: (n) => cost(Number(n.credits), n.unpriced),
    format: credits,
    kind: 'bar',
    list: '',
  },
  {
    key: 'credits_per_conversation',
    value: (n) => (n.credits_per_conversation === null ? null : Number(n.credits_per_conversation)),
    said: (n) => cost(n.credits_per_conversation === null ? null : Number(n.credits_per_conversation), n.unpriced),
    format: credits,
    kind: 'line',
    list: '',
  },
];

/** What a measure says of some conversations. */
export const saidOf = (m: Measure, n: AnalyticsNumbers): string => m.said?.(n) ?? orNone(m.value(n), m.format);
