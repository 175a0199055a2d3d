import type { Message } from '@/api/types';

// What a source's protocol says beside the words. Nothing of it is certain: the
// other side may send anything.
type Json = Record<string, unknown>;

const isObject = (v: unknown): v is Json => typeof v === 'object' && v !== null && !Array.isArray(v);
const words = (v: unknown): string => (typeof v === 'string' ? v : typeof v === 'number' ? String(v) : '');
const list = (v: unknown): unknown[] => (Array.isArray(v) ? v : []);

/** The payload's object: itself, or what it has under the message's type. */
function payloadOf(m: Pick<Message, 'payload' | 'type'>): unknown {
  const p: unknown = m.payload;
  return isObject(p) && m.type in p ? p[m.type] : p;
}

export interface Place {
  name: string;
  address: string;
  latitude: number;
  longitude: number;
}

/** The place of a location message, null if its coordinates make no sense. */
export function placeOf(m: Pick<Message, 'payload' | 'type'>): Place | null {
  const p = payloadOf(m);
  if (!isObject(p)) return null;
  const [latitude, longitude] = [Number(p.latitude), Number(p.longitude)];
  if (!(Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180)) return null;
  return { name: words(p.name), address: words(p.address), latitude, longitude };
}

export interface Card {
  name: string;
  lines: string[];
}

/** The cards of a contacts message. */
export function cardsOf(m: Pick<Message, 'payload' | 'type'>): Card[] {
  return list(payloadOf(m))
    .filter(isObject)
    .map((c) => {
      const name = isObject(c.name) ? words(c.name.formatted_name) || words(c.name.first_name) : '';
      const of = (key: string, field: string) =>
        list(c[key])
          .filter(isObject)
          .map((x) => words(x[field]))
          .filter(Boolean);
      const company = isObject(c.org) ? words(c.org.company) : '';
      return {
        name,
        lines: [company, ...of('phones', 'phone'), ...of('emails', 'email'), ...of('urls', 'url')].filter(Boolean),
      };
    });
}

export interface OrderLine {
  product: string;
  quantity: number;
  price: number;
  currency: string;
}

/** The lines of an order. */
export function orderOf(m: Pick<Message, 'payload' | 'type'>): OrderLine[] {
  const p = payloadOf(m);
  return list(isObject(p) ? p.product_items : null)
    .filter(isObject)
    .map((x) => ({
      product: words(x.product_retailer_id),
      quantity: Number(x.quantity) || 0,
      price: Number(x.item_price) || 0,
      currency: words(x.currency),
    }));
}

/** Reactions by the message that they are on. Those on messages that are not here stay entries of the log. */
export function reactionsOn(messages: readonly Message[]): Map<string, Message[]> {
  const here = new Set(messages.map((m) => m.id));
  const on = new Map<string, Message[]>();
  for (const m of messages) {
    if (m.type !== 'reaction' || !m.reply_to || !here.has(m.reply_to)) continue;
    const others = on.get(m.reply_to) ?? [];
    on.set(m.reply_to, m.deleted_at ? others : [...others, m]);
  }
  return on;
}
