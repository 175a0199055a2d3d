import { fireEvent, screen, waitFor } from '@testing-library/react';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Export } from '@/api/types';
import { noFilters } from '@/pages/conversations/filters';
import { showPage } from '@/test/page';
import { me } from '@/test/samples';
import { type Asked, Refusal, serve } from '@/test/server';
import { ExportButton } from './ExportButton';
import ExportsPage from './ExportsPage';

const made = (id: string, more: Partial<Export> = {}): Export => ({
  id,
  state: 'done',
  request: { format: 'csv', filter: { q: 'refund' } },
  total: 3,
  done: 3,
  size: 2048,
  file: { url: `/api/v1/exports/${id}/file`, expires_at: '2026-03-15T10:30:00Z' },
  created_by: { id: 'me', name: 'Ana Ruiz' },
  created_at: '2026-03-08T10:30:00Z',
  finished_at: '2026-03-08T10:30:01Z',
  ...more,
});

const columns = {
  conversations: [
    { name: 'id', usual: true },
    { name: 'transcript', usual: false },
  ],
  messages: [{ name: 'content', usual: true }],
};
const rest = { 'GET /api/v1/me': me, 'GET /api/v1/exports/columns': columns };
const posted = (asked: Asked[]) => asked.find((a) => a.method === 'POST');
const reader = { ...me, permissions: ['conversations:read'] };

const showButton = () =>
  showPage(<ExportButton filters={{ ...noFilters, q: 'refund' }} />, { path: '/conversations', at: '/conversations' });
const showExports = () => showPage(<ExportsPage />, { path: '/exports', at: '/exports' });

beforeEach(() => {
  // jsdom follows no links.
  vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(() => undefined);
});

describe('the Export button', () => {
  it('exports what the list shows and hands the file over', async () => {
    const asked = serve({ ...rest, 'POST /api/v1/exports': made('1'), 'GET /api/v1/exports/1': made('1') });
    showButton();
    fireEvent.click(await screen.findByRole('button', { name: 'Export' }));
    fireEvent.click(await screen.findByRole('checkbox', { name: 'Phone numbers' }));
    fireEvent.click(screen.getAllByRole('button', { name: 'Export', hidden: false }).at(-1)!);
    await screen.findByText('The file is ready');
    expect(posted(asked)?.body).toMatchObject({
      format: 'csv',
      filter: { q: 'refund' },
      rows: 'conversations',
      hide: ['phone'],
    });
    expect(HTMLAnchorElement.prototype.click).toHaveBeenCalledTimes(1);
    expect(screen.getByRole('link', { name: 'Download' }).getAttribute('href')).toBe('/api/v1/exports/1/file');
  });

  it('shows how far a long one is, then its file', async () => {
    let looks = 0;
    const running = made('1', { state: 'running', file: null, finished_at: null, done: 50, total: 200 });
    serve({
      ...rest,
      'POST /api/v1/exports': { ...running, state: 'queued', total: null, done: 0 },
      'GET /api/v1/exports/1': () => (looks++ === 0 ? running : made('1', { done: 200, total: 200 })),
    });
    showButton();
    fireEvent.click(await screen.findByRole('button', { name: 'Export' }));
    fireEvent.click(await screen.findByRole('radio', { name: 'JSON Lines' }));
    expect(screen.queryByLabelText('Columns')).toBeNull();
    fireEvent.click(screen.getAllByRole('button', { name: 'Export' }).at(-1)!);
    await screen.findByText(/50 of 200 conversations/);
    await screen.findByRole('link', { name: 'Download' }, { timeout: 5000 });
  });

  it('says what the server refuses', async () => {
    serve({
      ...rest,
      'POST /api/v1/exports': new Refusal(422, { code: 'invalid', detail: 'A page holds at most 1,000.' }),
    });
    showButton();
    fireEvent.click(await screen.findByRole('button', { name: 'Export' }));
    fireEvent.click(await screen.findByRole('radio', { name: 'Page to print, PDF' }));
    fireEvent.click(screen.getAllByRole('button', { name: 'Export' }).at(-1)!);
    await screen.findByText('A page holds at most 1,000.');
  });

  it('is not there for those who may not', async () => {
    const asked = serve({ ...rest, 'GET /api/v1/me': reader });
    showButton();
    await waitFor(() => expect(asked.some((a) => a.path === '/api/v1/me')).toBe(true));
    expect(screen.queryByRole('button', { name: 'Export' })).toBeNull();
  });
});

describe('the Exports page', () => {
  it('lists what was made, with what can be done', async () => {
    const all = [
      made('1'),
      made('2', { state: 'failed', file: null, error: 'The disk is full.' }),
      made('3', { state: 'running', file: null, total: null, request: { format: 'xlsx', hide: ['email'] } }),
      made('4', {
        state: 'expired',
        file: null,
        created_by: null,
        request: { format: 'html', conversation_ids: ['a', 'b'] },
      }),
    ];
    const asked = serve({
      ...rest,
      'GET /api/v1/exports': { data: all, next_cursor: null },
      'DELETE /api/v1/exports/2': {},
    });
    showExports();
    await screen.findByText('The disk is full.');
    for (const said of [
      'Ready',
      'Failed',
      'Expired',
      '1 filter',
      '2 chosen',
      'all · personal data hidden',
      'by a program',
    ]) {
      expect(screen.getAllByText(said).length).toBeGreaterThan(0);
    }
    expect(screen.getAllByRole('link', { name: 'Download' })).toHaveLength(1);
    expect(screen.getByRole('button', { name: 'Cancel: Excel table' })).toBeTruthy();
    fireEvent.click(screen.getAllByRole('button', { name: 'Remove: CSV table' })[1]!);
    fireEvent.click(await screen.findByRole('button', { name: 'Remove' }));
    await waitFor(() => expect(asked.some((a) => a.method === 'DELETE' && a.path === '/api/v1/exports/2')).toBe(true));
  });

  it('says how to get a first one', async () => {
    serve({ ...rest, 'GET /api/v1/exports': { data: [], next_cursor: null } });
    showExports();
    await screen.findByText('No exports yet');
    expect(screen.getByRole('link', { name: 'Go to the conversations' }).getAttribute('href')).toBe('/conversations');
  });

  it('says what went wrong and tries again', async () => {
    let broken = true;
    serve({
      ...rest,
      'GET /api/v1/exports': () =>
        broken
          ? new Refusal(503, { code: 'unavailable', detail: 'The server restarts.' })
          : { data: [made('1')], next_cursor: null },
    });
    showExports();
    await screen.findByText('The server restarts.');
    broken = false;
    fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
    await screen.findByText('CSV table');
  });

  it('tells those who may not', async () => {
    serve({ ...rest, 'GET /api/v1/me': reader });
    showExports();
    await screen.findByText('Your role may read conversations, not take them away in files.');
  });
});
