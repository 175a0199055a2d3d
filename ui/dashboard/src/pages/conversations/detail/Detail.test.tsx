import { fireEvent, screen, waitFor } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { showPage } from '@/test/page';
import { conversation, me, message } from '@/test/samples';
import { type Asked, Refusal, serve } from '@/test/server';
import { Detail } from './Detail';

const base = '/api/v1/conversations/c';
const mine = { owner: 'operator' as const, operator: { id: 'me', name: 'Ana Ruiz' } };
const writing = { write: true, takeover: false, release: true, end: true, evaluate: false, delete: true };

function show(answers: Record<string, unknown>) {
  const asked = serve({
    'GET /api/v1/me': me,
    [`GET ${base}`]: conversation('c'),
    [`GET ${base}/messages`]: { data: [message(1)], next_cursor: null },
    ...answers,
  });
  const where = showPage(<Detail id="c" onClose={() => undefined} />, {
    path: '/conversations/:id',
    at: '/conversations/c',
  });
  return { asked, where };
}

const posts = (asked: Asked[], path: string) => asked.filter((a) => a.method === 'POST' && a.path === path);

describe('an opened conversation', () => {
  it('shows who said what and when, and what the assistant did', async () => {
    const call = { id: 'x', name: 'lookup_order', arguments: { order: 'ORD-1' }, result: 'in transit', millis: 12 };
    show({
      [`GET ${base}/messages`]: {
        data: [
          message(1, { content: 'Where is it?' }),
          message(2, { role: 'tool', turn_id: 't', tool_calls: [call] }),
          message(3, {
            role: 'assistant',
            turn_id: 't',
            content: 'On its way',
            html: '<p>On its <strong>way</strong></p>',
          }),
        ],
        next_cursor: null,
      },
    });
    expect(await screen.findByText('Where is it?')).toBeTruthy();
    expect(screen.getByText('way').tagName).toBe('STRONG');
    expect(screen.getByText('lookup_order')).toBeTruthy();
    expect(document.querySelectorAll('article time')[0]?.textContent).toMatch(/^\d\d:30:01$/);
  });

  it('speaks of an operator without a name, as who uses an API key', async () => {
    const held = { owner: 'operator' as const, operator: { id: 'key', name: '' } };
    show({ [`GET ${base}`]: conversation('c', { ...held, can: { ...writing, write: false } }) });
    expect(await screen.findByText('With an operator')).toBeTruthy();
    expect(screen.getByText(/^Another operator holds this conversation/)).toBeTruthy();
  });

  it('sends a reply with the message that was chosen, and none after it was dropped', async () => {
    const { asked } = show({
      [`GET ${base}`]: conversation('c', { ...mine, can: writing }),
      [`GET ${base}/messages`]: {
        data: [
          message(1, { content: 'Where is it?' }),
          message(2, { content: 'Gone', deleted_at: '2026-03-08T10:31:00Z' }),
        ],
        next_cursor: null,
      },
      [`POST ${base}/messages`]: { message: message(3, { role: 'operator' }) },
    });
    const choose = await screen.findByRole('button', { name: 'Reply to: Where is it?' });
    expect(screen.queryByRole('button', { name: /Reply to: .*deleted/ })).toBeNull();
    const field = screen.getByLabelText('Your message');
    const sent = () => posts(asked, `${base}/messages`).map((a) => (a.body as { reply_to?: string }).reply_to);
    const write = async (n: number) => {
      fireEvent.change(field, { target: { value: `Answer ${n}` } });
      fireEvent.keyDown(field, { key: 'Enter' });
      await waitFor(() => expect(sent()).toHaveLength(n));
    };
    fireEvent.click(choose);
    expect(screen.getByText(/^In reply to /)).toBeTruthy();
    expect(document.activeElement).toBe(field);
    await write(1);
    await waitFor(() => expect(screen.queryByText(/^In reply to /)).toBeNull());
    fireEvent.click(choose);
    fireEvent.keyDown(field, { key: 'Escape' });
    expect(screen.queryByText(/^In reply to /)).toBeNull();
    await write(2);
    expect(sent()).toEqual([message(1).id, undefined]);
  });

  it('opens "Why this answer?" as a part of the URL', async () => {
    const { where } = show({
      [`GET ${base}/messages`]: { data: [message(1, { role: 'assistant', turn_id: 't' })], next_cursor: null },
      [`GET ${base}/turns/t`]: {
        id: 't',
        status: 'done',
        attempt: 1,
        assistant_version: 3,
        from_seq: 1,
        to_seq: 1,
        trace: {
          assistant_version: 3,
          passages: [{ document_id: 'd', title: 'Shipping', text: 'Two days.', score: 3.21, coverage: 0.5 }],
          steps: [
            {
              provider: 'openai',
              model: 'gpt',
              attempt: 1,
              millis: 900,
              input_tokens: 10,
              output_tokens: null,
              credits: null,
            },
          ],
        },
        error: null,
        started_at: '2026-03-08T10:30:00Z',
        first_token_at: null,
        ended_at: '2026-03-08T10:30:02Z',
        usage: [],
      },
    });
    fireEvent.click(await screen.findByRole('button', { name: 'Why this answer?' }));
    expect(await screen.findByText('Two days.')).toBeTruthy();
    expect(screen.getByText('score 3.21')).toBeTruthy();
    expect(where()).toBe('/conversations/c?why=t');
  });

  it('takes over, then offers to write', async () => {
    let taken = false;
    const { asked } = show({
      [`GET ${base}`]: () => (taken ? conversation('c', { ...mine, can: writing, rev: 2 }) : conversation('c')),
      [`POST ${base}/takeover`]: () => {
        taken = true;
        return { conversation: conversation('c', { ...mine, rev: 2 }), canceled: 0, sending: [] };
      },
    });
    fireEvent.click(await screen.findByRole('button', { name: 'Take over' }));
    expect(await screen.findByRole('textbox', { name: 'Your message' })).toBeTruthy();
    expect(posts(asked, `${base}/takeover`)).toHaveLength(1);
  });

  it('sends with Enter, keeps what failed, and sends it again under the same key', async () => {
    let broken = true;
    const { asked } = show({
      [`GET ${base}`]: conversation('c', { ...mine, can: writing }),
      [`POST ${base}/messages`]: () =>
        broken
          ? new Refusal(503, { code: 'unavailable', detail: 'Try later.' })
          : {
              message: message(2, { role: 'operator', content: 'Hello there', author: { id: 'me', name: 'Ana Ruiz' } }),
            },
    });
    const field = await screen.findByRole<HTMLTextAreaElement>('textbox', { name: 'Your message' });
    fireEvent.change(field, { target: { value: 'Hello there' } });
    fireEvent.keyDown(field, { key: 'Enter', shiftKey: true });
    expect(posts(asked, `${base}/messages`)).toHaveLength(0);
    fireEvent.keyDown(field, { key: 'Enter' });
    await screen.findByText(/Try later/);
    expect(field.value).toBe('Hello there');
    broken = false;
    fireEvent.keyDown(field, { key: 'Enter' });
    await waitFor(() => expect(field.value).toBe(''));
    const sent = posts(asked, `${base}/messages`);
    expect(sent).toHaveLength(2);
    expect(sent[0]?.body).toMatchObject({ role: 'operator', content: 'Hello there' });
    expect(sent[0]?.headers.get('Idempotency-Key')).toBe(sent[1]?.headers.get('Idempotency-Key'));
    expect(screen.getByText('Hello there')).toBeTruthy();
  });

  it('asks before it deletes', async () => {
    const { asked } = show({ [`DELETE ${base}`]: {} });
    fireEvent.click(await screen.findByRole('button', { name: 'More actions' }));
    fireEvent.click(await screen.findByText('Delete conversation'));
    await screen.findByText('Delete this conversation for good?');
    expect(asked.some((a) => a.method === 'DELETE')).toBe(false);
    fireEvent.click(screen.getByRole('button', { name: 'Delete conversation' }));
    await waitFor(() => expect(asked.some((a) => a.method === 'DELETE')).toBe(true));
  });

  it('says when a conversation is gone', async () => {
    show({ [`GET ${base}`]: new Refusal(404, { code: 'not_found', detail: 'There is no such conversation.' }) });
    expect(await screen.findByText('There is no such conversation.')).toBeTruthy();
  });
});
