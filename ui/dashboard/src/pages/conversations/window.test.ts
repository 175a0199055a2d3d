import { describe, expect, it } from 'vitest';
import { row } from '@/test/samples';
import { inWords, windowState } from './window';

const sender = { id: 's', name: 'Shop', display_phone: '+1', simulated: true };
const at = Date.parse('2026-03-08T10:00:00Z');
const until = (expires_at: string) => row('x', { source: 'whatsapp', sender, window: { open: true, expires_at } });

describe('windowState', () => {
  it('is nothing for sources without windows', () => {
    expect(windowState(row('x'), at)).toBeNull();
    expect(windowState(row('x', { source: 'whatsapp', window: null }), at)).toBeNull();
  });

  it('counts down to five minutes before the end', () => {
    expect(windowState(until('2026-03-08T13:05:00Z'), at)).toMatchObject({
      open: true,
      left: '3 h 0 min',
      soon: false,
    });
    expect(windowState(until('2026-03-08T10:06:00Z'), at)).toMatchObject({ open: true, left: '1 min', soon: true });
    expect(windowState(until('2026-03-08T10:05:00Z'), at)).toMatchObject({ open: false });
    expect(windowState(until('2026-03-07T10:05:00Z'), at)).toMatchObject({ open: false });
  });

  it('says that nobody has written yet', () => {
    expect(windowState(row('x', { source: 'whatsapp', sender, window: null }), at)).toMatchObject({ open: false });
  });
});

describe('inWords', () => {
  it('gets more precise towards the end', () => {
    expect([1, 59_000, 61_000, 3_600_000, 86_000_000].map(inWords)).toEqual([
      '1 s',
      '59 s',
      '1 min',
      '1 h 0 min',
      '23 h 53 min',
    ]);
  });
});
