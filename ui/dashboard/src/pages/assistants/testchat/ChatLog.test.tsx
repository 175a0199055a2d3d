import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import type { Permission } from '@/api/types';
import { showPage } from '@/test/page';
import { conversation, me, message } from '@/test/samples';
import { type Asked, serve } from '@/test/server';
import type { Draft } from '../useDraft';
import { ChatLog } from './ChatLog';

const base = '/api/v1/conversations/c/messages';
const answers = [
  message(1, { content: 'When do you open?' }),
  message(2, { role: 'assistant', content: 'At nine.' }),
  message(3, { role: 'assistant', content: 'On Sunday at ten.' }),
];
const saved = { id: 'a1', name: 'Mira', version: 4 };

function show(...more: Permission[]) {
  const asked = serve({
    'GET /api/v1/me': { ...me, permissions: [...me.permissions, ...more] },
    [`GET ${base}`]: { data: answers, next_cursor: null },
    [`GET ${base}/m2/example`]: {
      assistant: { id: 'a1', name: 'Mira' },
      question: 'When do you open?',
      answer: 'At nine.',
      kept: false,
    },
    [`POST ${base}/m2/example`]: saved,
  });
  const rebase = vi.fn();
  const draft = { base: { id: 'a1', config: { examples: [{ message_id: 'm3' }] } }, rebase } as unknown as Draft;
  showPage(<ChatLog conversation={conversation('c')} draft={draft} onSay={() => undefined} />, { path: '/', at: '/' });
  return { asked, rebase };
}

const posts = (asked: Asked[]) => asked.filter((a) => a.method === 'POST');

describe('an answer in the Test Chat', () => {
  it('becomes an example for who may edit assistants', async () => {
    const { asked, rebase } = show('assistants:write');
    fireEvent.click(await screen.findByRole('button', { name: 'Use as example: At nine.' }));
    const dialog = await screen.findByRole('dialog', { name: 'Use as example' });
    fireEvent.click(await within(dialog).findByRole('button', { name: 'Add the example' }));
    await waitFor(() => expect(rebase).toHaveBeenCalledExactlyOnceWith(saved));
    expect(posts(asked).map((a) => a.body)).toEqual([{ question: 'When do you open?', answer: 'At nine.' }]);
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  });

  it('says that it is one, and where', async () => {
    show();
    await screen.findByText('On Sunday at ten.');
    expect(screen.getAllByText('Kept as an example.')).toHaveLength(1);
    expect(screen.getByRole('link', { name: 'See the examples' }).getAttribute('href')).toBe('/assistants/a1/examples');
  });

  it('has no such button for anybody else', async () => {
    show();
    await screen.findByText('At nine.');
    expect(screen.queryByRole('button', { name: /Use as example/ })).toBeNull();
  });
});
