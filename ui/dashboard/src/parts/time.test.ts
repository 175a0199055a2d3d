import { describe, expect, it } from 'vitest';
import { dayName, duration, millis, relativeTime } from './time';

const now = new Date(2026, 2, 8, 15, 30, 0);
const at = (...parts: [number, number, number, number?, number?]) => new Date(...parts).toISOString();

describe('time', () => {
  it('is short in lists', () => {
    expect(relativeTime(at(2026, 2, 8, 15, 29), now)).toBe('1 min');
    expect(relativeTime(new Date(now.getTime() - 20_000).toISOString(), now)).toBe('now');
    expect(relativeTime(at(2026, 2, 8, 9, 5), now)).toBe('09:05');
    expect(relativeTime(at(2026, 2, 7, 23, 59), now)).toBe('Yesterday');
    expect(relativeTime(at(2025, 11, 24), now)).toMatch(/2025/);
  });

  it('names days', () => {
    expect(dayName(at(2026, 2, 8, 0, 0), now)).toBe('Today');
    expect(dayName(at(2026, 2, 7, 23, 59), now)).toBe('Yesterday');
    expect(dayName(at(2026, 2, 1), now)).toMatch(/Sunday.*2026/);
  });

  it('says how long', () => {
    expect([0, 0.4, 45, 192, 180, 7500].map(duration)).toEqual([
      '0 s',
      'under 1 s',
      '45 s',
      '3 min 12 s',
      '3 min',
      '2 h 05 min',
    ]);
    expect([840, 2440].map(millis)).toEqual(['840 ms', '2.4 s']);
  });
});
