import { fireEvent, screen } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { showPage } from '@/test/page';
import { me } from '@/test/samples';
import { serve } from '@/test/server';
import AnalyticsPage from './AnalyticsPage';

const nothing = (any: boolean) =>
  serve({
    'GET /api/v1/me': me,
    'GET /api/v1/assistants': { data: [], next_cursor: null },
    'GET /api/v1/conversations': { data: any ? [{ id: 'c1' }] : [], next_cursor: null },
    'GET /api/v1/analytics': {
      period: { time_zone: 'UTC', progress: 1, capped: false },
      now: { conversations: 0 },
      before: null,
      period_before: null,
    },
  });
const show = (at: string) => showPage(<AnalyticsPage />, { path: '/analytics', at });

it('takes its filters and its period to the other pages', async () => {
  nothing(true);
  show('/analytics?assistant_id=a1&handed_over=true&range=7d');
  for (const [name, path] of [
    ['Topics', '/analytics/topics'],
    ['Costs', '/analytics/costs'],
  ] as const) {
    const link = await screen.findByRole('link', { name });
    expect(link.getAttribute('href')).toBe(`${path}?assistant_id=a1&handed_over=true&range=7d`);
  }
});

describe('the Numbers page without a conversation', () => {
  it('says that there is nothing yet, whatever the period', async () => {
    nothing(false);
    show('/analytics?range=7d');
    expect(await screen.findByText('Nothing to count yet')).toBeTruthy();
    expect(screen.getByRole('link', { name: 'Open Test Chat' })).toBeTruthy();
  });

  it('offers all time where there are some at other times', async () => {
    nothing(true);
    const where = show('/analytics');
    expect(await screen.findByText('None in this period')).toBeTruthy();
    fireEvent.click(screen.getByRole('button', { name: 'Show all time' }));
    expect(where()).toBe('/analytics?range=all');
  });

  it('blames the filters only where there are some', async () => {
    nothing(true);
    const where = show('/analytics?source=widget&range=7d');
    expect(await screen.findByText('No conversation matches')).toBeTruthy();
    fireEvent.click(screen.getByRole('button', { name: 'Clear all filters' }));
    expect(where()).toBe('/analytics?range=7d');
  });
});
