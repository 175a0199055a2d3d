import { duration } from '@/parts/time';
import { text } from '@/text/en';
import type { Filters } from '../filters';

const t = text.conversations.filters;
const c = t.counted;

const moment = (value: string): string => {
  if (/^\d{4}-\d{2}-\d{2}$/.test(value)) {
    return new Date(`${value}T00:00:00`).toLocaleDateString(undefined, { dateStyle: 'medium' });
  }
  const at = new Date(value);
  if (Number.isNaN(at.getTime())) return value;
  return at.toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
};

const seconds = (value: string) => duration(Number(value));
const yesNo = (value: string | undefined) => (value === 'true' ? t.yes : t.no);

/** A filter that analytics set, in words. */
export function countedText(key: string, f: Filters['counted']): { name: string; value: string } {
  switch (key) {
    case 'started_from': {
      const from = f.started_from && moment(f.started_from);
      const to = f.started_to && moment(f.started_to);
      return { name: c.started, value: from && to ? t.between(from, to) : from ? t.since(from) : t.until(to ?? '') };
    }
    case 'first_reply_from': {
      const from = f.first_reply_from ? seconds(f.first_reply_from) : '0 s';
      return {
        name: c.firstReply,
        value: f.first_reply_to ? c.within(from, seconds(f.first_reply_to)) : c.atLeast(from),
      };
    }
    case 'hour_of_week': {
      const hour = Number(f.hour_of_week);
      return { name: c.hourOfWeek, value: text.analytics.hour(Math.floor(hour / 24), hour % 24) };
    }
    case 'evaluated':
      return { name: c.evaluated, value: yesNo(f.evaluated) };
    case 'replied':
      return { name: c.replied, value: yesNo(f.replied) };
    case 'cost_complete':
      return { name: c.costComplete, value: yesNo(f.cost_complete) };
    case 'rating':
      return { name: c.rating, value: text.analytics.ratings.score(f.rating ?? '') };
    case 'call':
      return { name: c.call, value: text.costs.calls[f.call as keyof typeof text.costs.calls] ?? f.call ?? '' };
    case 'unpriced':
      return { name: c.unpriced, value: f.unpriced?.split('/').slice(1).join('/') ?? '' };
    case 'version':
    case 'topic':
    case 'passage':
    case 'tool':
    case 'model':
      return { name: c[key], value: f[key] ?? '' };
    default:
      return { name: key, value: '' };
  }
}
