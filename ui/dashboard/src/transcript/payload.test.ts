import { describe, expect, it } from 'vitest';
import type { Message } from '@/api/types';
import { cardsOf, orderOf, placeOf, reactionsOn } from './payload';

const of = (type: Message['type'], payload: unknown) => ({ type, payload }) as Message;

describe('what came beside the words', () => {
  it('is a place, whose name may be missing', () => {
    expect(placeOf(of('location', { latitude: 0, longitude: 0 }))).toEqual({
      name: '',
      address: '',
      latitude: 0,
      longitude: 0,
    });
    expect(placeOf(of('location', { location: { latitude: '51.2', longitude: 4.4, name: 'Home' } }))?.name).toBe(
      'Home',
    );
    for (const bad of [null, 'here', {}, { latitude: 91, longitude: 0 }, { latitude: 'x', longitude: 1 }]) {
      expect(placeOf(of('location', bad))).toBeNull();
    }
  });

  it('is contact cards, of which anything may be missing', () => {
    const cards = cardsOf(
      of('contacts', [
        { name: { formatted_name: 'Ada' }, phones: [{ phone: '+44 1' }, {}], org: { company: 'Acme' } },
        {},
        7,
      ]),
    );
    expect(cards).toEqual([
      { name: 'Ada', lines: ['Acme', '+44 1'] },
      { name: '', lines: [] },
    ]);
    expect(cardsOf(of('contacts', null))).toEqual([]);
  });

  it('is an order with its lines', () => {
    const lines = orderOf(
      of('order', { product_items: [{ product_retailer_id: 'A', quantity: '2', item_price: 3.5, currency: 'EUR' }] }),
    );
    expect(lines).toEqual([{ product: 'A', quantity: 2, price: 3.5, currency: 'EUR' }]);
    expect(orderOf(of('order', { product_items: 'none' }))).toEqual([]);
  });
});

describe('reactions', () => {
  const message = (id: string, more: Partial<Message> = {}) =>
    ({ id, type: 'text', reply_to: null, deleted_at: null, ...more }) as Message;

  it('stand on the message that they are about', () => {
    const on = reactionsOn([
      message('a'),
      message('r', { type: 'reaction', reply_to: 'a', content: '👍' }),
      message('s', { type: 'reaction', reply_to: 'elsewhere', content: '❤️' }),
      message('g', { type: 'reaction', reply_to: 'a', content: '😮', deleted_at: '2026-01-01T00:00:00Z' }),
    ]);
    expect([...on.keys()]).toEqual(['a']);
    expect(on.get('a')?.map((m) => m.id)).toEqual(['r']);
  });
});
