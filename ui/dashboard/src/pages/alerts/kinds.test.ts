import { describe, expect, it } from 'vitest';
import { aboutOf, placeOf } from './kinds';

describe('an alert', () => {
  it('leads to where something can be done about it', () => {
    const place = (code: string) => placeOf({ code, sender_id: 's1' })?.to;
    expect(place('budget_warning')).toBe('/analytics/costs');
    expect(place('provider_failing')).toBe('/settings/models');
    expect(place('webhook_disabled')).toBe('/settings/webhooks');
    expect(place('token')).toBe('/whatsapp/s1');
    expect(place('disk_full')).toBeUndefined();
  });

  it('is about a number unless its code says otherwise', () => {
    expect(aboutOf({ code: 'quality' })).toBe('numbers');
    expect(aboutOf({ code: 'queue_behind' })).toBe('server');
  });
});
