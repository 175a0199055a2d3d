import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { Budgets, Me } from '@/api/types';
import { showPage } from '@/test/page';
import { me } from '@/test/samples';
import { Refusal, serve } from '@/test/server';
import { BudgetsCard } from './BudgetsCard';
import { daysLeft, isAmount, shareOf } from './budget';
import { byCost } from './queries';
import { priceLink } from './UnpricedCard';

const month: Budgets = {
  month: '2026-11',
  starts_at: '2026-10-31T23:00:00Z',
  ends_at: '2026-11-30T23:00:00Z',
  time_zone: 'Europe/Berlin',
  data: [
    { assistant: null, credits: null, spent: '12.5', unpriced_calls: 0, state: null, updated_at: null },
    {
      assistant: { id: 'a1', name: 'Mira' },
      credits: '10',
      spent: '12.5',
      unpriced_calls: 2,
      state: 'spent',
      updated_at: '2026-11-02T10:00:00Z',
    },
  ],
};
const owner: Me = { ...me, permissions: [...me.permissions, 'settings:write'] };
const rest = {
  'GET /api/v1/me': owner,
  'GET /api/v1/budgets': month,
  'GET /api/v1/assistants': {
    data: [
      { id: 'a1', name: 'Mira' },
      { id: 'a2', name: 'Ada' },
    ],
    next_cursor: null,
  },
};
const show = () => showPage(<BudgetsCard />, { path: '/', at: '/' });

describe('the budgets', () => {
  it('show what is spent, and what that means', async () => {
    serve(rest);
    show();
    expect((await screen.findByText('Whole workspace')).closest('li')?.textContent).toContain('12.5 cr spent');
    const mira = screen.getByText('Mira').closest('li') as HTMLElement;
    expect(mira.textContent).toContain('12.5 cr of 10 cr · 125%');
    expect(mira.textContent).toContain('New messages wait for a person');
    expect(mira.textContent).toContain('2 calls of unknown cost');
    expect(within(mira).getByRole('progressbar', { name: 'Mira: 125% of the budget is spent' })).toBeTruthy();
  });

  it('can be changed only by who may change settings', async () => {
    serve({ ...rest, 'GET /api/v1/me': me });
    show();
    await screen.findByText('Whole workspace');
    expect(screen.queryByRole('button')).toBeNull();
  });

  it('are set, and say what is wrong', async () => {
    const asked = serve({
      ...rest,
      'PUT /api/v1/budget': new Refusal(400, { code: 'invalid', detail: 'Not like this.', status: 400 }),
      'PUT /api/v1/assistants/a1/budget': month,
    });
    show();
    fireEvent.click(await screen.findByRole('button', { name: 'Set a budget' }));
    const field = await screen.findByLabelText('Credits a month');
    fireEvent.change(field, { target: { value: 'ten' } });
    fireEvent.click(screen.getByRole('button', { name: 'Save' }));
    expect(await screen.findByText('A number above 0 with at most six decimals.')).toBeTruthy();
    fireEvent.change(field, { target: { value: ' 12.5 ' } });
    fireEvent.click(screen.getByRole('button', { name: 'Save' }));
    expect(await screen.findByText('Not like this.')).toBeTruthy();
    expect(asked.find((a) => a.method === 'PUT')?.body).toEqual({ credits: '12.5' });
    fireEvent.click(screen.getByRole('button', { name: 'Cancel' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    fireEvent.click(screen.getByRole('button', { name: 'Change the budget: Mira' }));
    fireEvent.change(await screen.findByLabelText('Credits a month'), { target: { value: '20' } });
    fireEvent.click(screen.getByRole('button', { name: 'Save' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(asked.at(-1)?.path).toBe('/api/v1/budgets');
  });
});

describe('the numbers of a budget', () => {
  it('know how much and how long is left', () => {
    expect(month.data.map(shareOf)).toEqual([null, 1.25]);
    expect(daysLeft(month, new Date('2026-11-28T05:00:00Z'))).toBe(3);
    expect(daysLeft(month, new Date('2026-11-30T22:59:59Z'))).toBe(1);
  });

  it('are more than nothing', () => {
    for (const good of ['1', '0.000001', '1000000000']) expect(isAmount(good), good).toBe(true);
    for (const bad of ['', '0', '-1', '1.', '1.0000001', 'ten', '1e3']) expect(isAmount(bad), bad).toBe(false);
  });
});

describe('links', () => {
  it('ask for the dearest conversations of a list', () => {
    expect(byCost('source=api&source=widget&q=refund&started_from=2026-11-01&sort=-started_at')).toEqual({
      source: ['api', 'widget'],
      q: 'refund',
      started_from: '2026-11-01',
      sort: '-credits',
      limit: 10,
    });
  });

  it('name the model whose price is missing', () => {
    expect(priceLink({ price_provider: 'models.example:8080', model: 'a/b' })).toBe(
      '/settings/prices?provider=models.example%3A8080&model=a%2Fb',
    );
  });
});
