import type { AnalyticsNumbers } from '@/api/types';
import { text } from '@/text/en';
import { count, credits, percent, seconds } from './format';

export interface Measure {
  key: keyof typeof text.analytics.series.measures;
  value: (n: AnalyticsNumbers) => number | null;
  format: (value: number) => string;
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
  { key: 'credits', value: (n) => Number(n.credits), format: credits, kind: 'bar', list: '' },
  {
    key: 'credits_per_conversation',
    value: (n) => (n.credits_per_conversation === null ? null : Number(n.credits_per_conversation)),
    format: credits,
    kind: 'line',
    list: '',
  },
];
