import { fireEvent, screen, waitFor } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { showPage } from '@/test/page';
import { conversation, me, message, row } from '@/test/samples';
import { type Asked, Refusal, serve } from '@/test/server';
import ConversationsPage from './ConversationsPage';

const rest = {
  'GET /api/v1/me': me,
  'GET /api/v1/assistants': { data: [{ id: 'a1', name: 'Mira' }], next_cursor: null },
  'GET /api/v1/conversations/tiles': {
    conversations: 2,
    last_7_days: 1,
    assistant_messages: 9,
    average_duration_seconds: 61,
    waiting: 0,
  },
};
const list = (...rows: ReturnType<typeof row>[]) => ({ data: rows, next_cursor: null, partial: false });
const show = (at: string) => showPage(<ConversationsPage />, { path: '/conversations/:id?', at });
const listed = (asked: Asked[]) => asked.filter((a) => a.path === '/api/v1/conversations');

describe('the Conversations page', () => {
  it('shows every column of a row', async () => {
    serve({
      ...rest,
      'GET /api/v1/conversations': list(row('1', { waiting: true, cost: { credits: null, complete: false } })),
    });
    show('/conversations');
    const link = await screen.findByRole('link', { name: /Contact 1/ });
    for (const part of ['Web Widget', 'Mira', 'Hello from 1', '4', 'unknown', 'Waiting']) {
      expect(link.textContent).toContain(part);
    }
  });

  it('asks for what the URL says', async () => {
    const asked = serve({ ...rest, 'GET /api/v1/conversations': list(row('1')) });
    show(
      '/conversations?source=widget&source=api&status=ended&variable%5Bcity%5D=K%C3%B6ln&has_error=true&sort=-credits',
    );
    await screen.findByText('Contact 1');
    const query = listed(asked)[0]?.query;
    expect(query?.getAll('source')).toEqual(['widget', 'api']);
    expect(query?.get('variable[city]')).toBe('Köln');
    expect(query?.get('has_error')).toBe('true');
    expect(query?.get('sort')).toBe('-credits');
  });

  it('searches a moment after the last key and keeps the search in the URL', async () => {
    const asked = serve({ ...rest, 'GET /api/v1/conversations': list(row('1')) });
    const where = show('/conversations');
    await screen.findByText('Contact 1');
    fireEvent.keyDown(document.body, { key: '/' });
    const field = screen.getByRole('searchbox');
    expect(document.activeElement).toBe(field);
    fireEvent.change(field, { target: { value: 'ORD-12345' } });
    await waitFor(() => expect(where()).toBe('/conversations?q=ORD-12345'));
    await waitFor(() => expect(listed(asked).at(-1)?.query.get('q')).toBe('ORD-12345'));
  });

  it('explains an empty list, and offers to clear filters that match nothing', async () => {
    serve({ ...rest, 'GET /api/v1/conversations': (a: Asked) => (a.query.get('q') ? list() : list(row('1'))) });
    const where = show('/conversations?q=nothing');
    fireEvent.click(await screen.findByRole('button', { name: 'Clear all filters' }));
    await screen.findByText('Contact 1');
    expect(where()).toBe('/conversations');
  });

  it('explains how to get a first conversation', async () => {
    serve({ ...rest, 'GET /api/v1/conversations': list() });
    show('/conversations');
    expect(await screen.findByText('No conversations yet')).toBeTruthy();
    expect(screen.getByRole('link', { name: 'Open Test Chat' }).getAttribute('href')).toBe('/assistants');
  });

  it('says what went wrong and tries again', async () => {
    let broken = true;
    serve({
      ...rest,
      'GET /api/v1/conversations': () =>
        broken ? new Refusal(503, { code: 'unavailable', detail: 'The server restarts.' }) : list(row('1')),
    });
    show('/conversations');
    expect(await screen.findByText('The server restarts.')).toBeTruthy();
    broken = false;
    fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
    await screen.findByText('Contact 1');
  });

  it('goes by the keyboard and keeps the filters', async () => {
    serve({
      ...rest,
      'GET /api/v1/conversations': list(row('1'), row('2')),
      'GET /api/v1/conversations/1': conversation('1'),
      'GET /api/v1/conversations/2': conversation('2'),
      'GET /api/v1/conversations/1/messages': { data: [message(1)], next_cursor: null },
      'GET /api/v1/conversations/2/messages': { data: [message(1)], next_cursor: null },
    });
    const where = show('/conversations/1?status=active');
    await screen.findByText('text 1');
    fireEvent.keyDown(document.body, { key: 'j' });
    await waitFor(() => expect(where()).toBe('/conversations/2?status=active'));
    fireEvent.keyDown(document.body, { key: 'Escape' });
    await waitFor(() => expect(where()).toBe('/conversations?status=active'));
  });
});
