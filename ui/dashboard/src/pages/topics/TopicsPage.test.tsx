import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { Topic, TopicRun, Topics } from '@/api/types';
import { showPage } from '@/test/page';
import { me } from '@/test/samples';
import { type Asked, Refusal, serve } from '@/test/server';
import TopicsPage from './TopicsPage';

const parts = Array.from({ length: 13 }, (_, i) => `2026-03-${String(i + 1).padStart(2, '0')}T00:00:00Z`);
const idle: TopicRun = {
  phase: 'idle',
  done: 0,
  total: 0,
  finished_at: '2026-03-08T10:00:00Z',
  conversations: 1234,
  limit: 100_000,
  error: '',
};

const topic = (id: string, more: Partial<Topic> = {}): Topic => ({
  id,
  other: false,
  language: 'en',
  label: 'opening hours, sunday',
  terms: ['opening hours', 'sunday'],
  examples: [{ conversation_id: 'c1', text: 'Are you open on Sunday?', asked_at: '2026-03-08T10:00:00Z' }],
  signs: { unknown: 0, handover: 0, unresolved: 0, repeated: 0 },
  conversations: 30,
  previous: 20,
  evaluated: 20,
  resolved: 15,
  handed_over: 3,
  cost: { credits: '4.5', complete: true },
  parts: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 10, 20],
  ...more,
});

const all = (more: Partial<Topics> = {}): Topics => ({
  kind: 'asked',
  period: { from: parts[0] ?? null, to: null, time_zone: 'Asia/Tokyo', parts },
  data: [topic('t1'), topic('t2', { other: true, label: '', language: '', terms: [], previous: 0, evaluated: 0 })],
  evaluated: [{ ...topic('x'), name: 'Opening hours' }],
  run: idle,
  ...more,
});

const rest = {
  'GET /api/v1/me': me,
  'GET /api/v1/assistants': { data: [{ id: 'a1', name: 'Mira' }], next_cursor: null },
};
const show = (at = '/analytics/topics') => showPage(<TopicsPage />, { path: '/analytics/topics', at });
const asks = (asked: Asked[]) => asked.filter((a) => a.path === '/api/v1/topics');
const href = (element: HTMLElement) => new URLSearchParams(element.getAttribute('href')?.split('?')[1]);

describe('the Topics page', () => {
  it('shows each number as a link to the list of its conversations', async () => {
    serve({ ...rest, 'GET /api/v1/topics': all() });
    show();
    const row = (await screen.findByText('Are you open on Sunday?')).closest('tr') as HTMLElement;
    expect(row.textContent).toContain('50% more than before');
    expect(row.textContent).toContain('75%');
    expect(row.textContent).toContain('10 not evaluated');
    const count = href(within(row).getByRole('link', { name: /30 conversations/ }));
    expect(count.get('topic_id')).toBe('t1');
    expect(count.get('started_from')).toBe(parts[0]);
    expect(count.get('started_to')).toBeNull(); // the period is open
    expect(href(within(row).getByRole('link', { name: /15 resolved/ })).get('resolved')).toBe('true');
    expect(href(within(row).getByRole('link', { name: /5 not/ })).get('resolved')).toBe('false');
    expect(href(within(row).getByRole('link', { name: /3 handed over/ })).get('handed_over')).toBe('true');
    expect(href(within(row).getByRole('link', { name: /Cost/ })).get('sort')).toBe('-credits');
  });

  it('opens nothing where the page’s own filter leaves nothing', async () => {
    serve({ ...rest, 'GET /api/v1/topics': { ...all(), data: [topic('t1', { evaluated: 15, resolved: 15 })] } });
    show('/analytics/topics?resolved=true');
    const row = (await screen.findByText('Are you open on Sunday?')).closest('tr') as HTMLElement;
    expect(row.textContent).toContain('0 not');
    expect(within(row).getByRole('link', { name: /15 resolved/ })).toBeTruthy();
    expect(within(row).queryByRole('link', { name: /0 not/ })).toBeNull();
  });

  it('says where a topic comes from', async () => {
    serve({ ...rest, 'GET /api/v1/topics': all() });
    show();
    const named = await screen.findByRole('region', { name: 'Named by the evaluation' });
    const count = within(named).getByRole('link', { name: /30 conversations/ });
    expect(href(count).get('topic')).toBe('Opening hours');
    expect(href(count).get('topic_id')).toBeNull();
    const found = screen.getByRole('region', { name: 'Found in the questions' });
    expect(found.textContent).toContain('Other questions');
    expect(found.textContent).toContain('new');
  });

  it('opens a topic with its questions and its trend as a table', async () => {
    const asked = serve({
      ...rest,
      'GET /api/v1/topics': all(),
      'GET /api/v1/topics/t1': { ...topic('t1'), kind: 'asked', period: all().period },
    });
    show('/analytics/topics?source=widget');
    fireEvent.click(await screen.findByRole('button', { name: 'Show questions about opening hours, sunday' }));
    const example = await screen.findByRole('link', { name: 'Are you open on Sunday?' });
    expect(example.getAttribute('href')).toMatch(/^\/conversations\/c1\?/);
    expect(asked.find((a) => a.path === '/api/v1/topics/t1')?.query.get('source')).toBe('widget');
    const trend = screen.getByRole('table', { name: 'Over time' });
    const last = href(within(trend).getByRole('link', { name: '20' }));
    expect(last.get('started_from')).toBe(parts[11]);
    expect(last.get('started_to')).toBeNull();
    expect(within(trend).getAllByRole('row').at(-1)?.textContent).toMatch(/9:00/); // on the workspace’s clock
  });

  it('shows why questions are unanswered, and keeps the choice in the URL', async () => {
    const asked = serve({
      ...rest,
      'GET /api/v1/topics': (a: Asked) =>
        a.query.get('kind') === 'unanswered'
          ? all({
              kind: 'unanswered',
              data: [topic('t9', { signs: { unknown: 7, handover: 2, unresolved: 0, repeated: 0 } })],
            })
          : all(),
    });
    const where = show('/analytics/topics?range=7d');
    fireEvent.click(await screen.findByText('Unanswered'));
    const unknown = await screen.findByRole('link', { name: /7 Not known/ });
    expect(href(unknown).getAll('unanswered')).toEqual(['unknown']);
    expect(where()).toBe('/analytics/topics?range=7d&kind=unanswered');
    expect(asks(asked).at(-1)?.query.get('days')).toBe('7');
    expect(screen.queryByText('Named by the evaluation')).toBeNull();
  });

  it('takes its filters and its period to the other pages', async () => {
    serve({ ...rest, 'GET /api/v1/topics': all() });
    show('/analytics/topics?source=widget&resolved=true&from=2026-03-01&to=2026-03-12&kind=unanswered');
    const numbers = await screen.findByRole('link', { name: 'Numbers' });
    expect(numbers.getAttribute('href')).toBe('/analytics?source=widget&resolved=true&from=2026-03-01&to=2026-03-12');
  });

  it('speaks of one conversation as of one', async () => {
    serve({ ...rest, 'GET /api/v1/topics': all({ run: { ...idle, conversations: 1 } }) });
    show();
    expect(await screen.findByText(/from one conversation$/)).toBeTruthy();
  });

  it('asks for all time only when that is said', async () => {
    const asked = serve({ ...rest, 'GET /api/v1/topics': all() });
    show('/analytics/topics?range=all');
    await screen.findByText('Are you open on Sunday?');
    expect(asks(asked).at(-1)?.query.get('days')).toBeNull();
  });

  it('has topics made anew, with the progress', async () => {
    let run: TopicRun = { ...idle, finished_at: null };
    serve({
      ...rest,
      'GET /api/v1/topics': () => all({ run, data: [], evaluated: [] }),
      'POST /api/v1/topics/refresh': () => {
        run = { ...idle, phase: 'reading', done: 400, total: 1000 };
        return run;
      },
    });
    show();
    await screen.findByText('No topics yet');
    fireEvent.click(await screen.findByRole('button', { name: 'Update now' }));
    await screen.findByText(/400 of 1,000/);
    run = idle;
    await waitFor(() => expect(screen.getByRole('status').textContent).toContain('1,234'), { timeout: 10_000 });
  });

  it('says what went wrong', async () => {
    serve({ ...rest, 'GET /api/v1/topics': new Refusal(503, { code: 'unavailable', detail: 'No database.' }) });
    show();
    await screen.findByText('No database.');
  });
});
