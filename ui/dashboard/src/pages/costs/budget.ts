import type { Budget, Budgets } from '@/api/types';

/** How much of a budget is spent, 1 for all of it; null without one. */
export const shareOf = (b: Pick<Budget, 'credits' | 'spent'>): number | null =>
  b.credits === null ? null : Number(b.spent) / Number(b.credits);

const day = 24 * 60 * 60 * 1000;

/** How many days are left of a month, the one that it is included. */
export const daysLeft = (m: Pick<Budgets, 'ends_at'>, now: Date): number =>
  Math.max(1, Math.ceil((new Date(m.ends_at).getTime() - now.getTime()) / day));

/** Whether a text is an amount that a budget can have. */
export const isAmount = (s: string): boolean => /^\d{1,10}(\.\d{1,6})?$/.test(s) && Number(s) > 0;
