import { fireEvent, screen } from '@testing-library/react';
import { useState } from 'react';
import { describe, expect, it } from 'vitest';
import type { Provider } from '@/api/types';
import { showPage } from '@/test/page';
import { me } from '@/test/samples';
import { Refusal, serve } from '@/test/server';
import { ModelName } from './ModelName';

const provider: Provider = {
  id: 'p1',
  name: 'Anthropic',
  kind: 'anthropic',
  base_url: 'https://api.anthropic.com/v1',
  has_key: true,
  models: ['claude-opus-5-5'],
  created_at: '2026-03-08T10:30:00Z',
  updated_at: '2026-03-08T10:30:00Z',
};

function show(answer: unknown, more: { readOnly?: boolean; permissions?: string[] } = {}) {
  const asked = serve({
    'GET /api/v1/me': { ...me, permissions: more.permissions ?? ['assistants:read', 'assistants:write'] },
    'GET /api/v1/providers/p1/models': answer,
  });
  function Field() {
    const [value, setValue] = useState('');
    return <ModelName provider={provider} value={value} onChange={setValue} readOnly={more.readOnly ?? false} />;
  }
  showPage(<Field />, { path: '/', at: '/' });
  return () => asked.filter((a) => a.path.endsWith('/models')).length;
}

describe("the name of an assistant's model", () => {
  it('is offered from what was entered and what the provider lists', async () => {
    show({
      listed: true,
      models: [
        { id: 'claude-opus-5-5', name: 'Claude Opus 5.5' },
        { id: 'claude-haiku-5-5', name: 'Claude Haiku 5.5' },
      ],
      message: '',
      hint: '',
    });
    expect(await screen.findByText(/It lists 2 models/)).toBeTruthy();
    fireEvent.click(screen.getByRole('combobox', { name: 'Model' }));
    const offered = (await screen.findAllByRole('option')).map((o) => o.textContent);
    expect(offered).toEqual(['claude-opus-5-5', 'claude-haiku-5-5']);
    fireEvent.click(screen.getByRole('option', { name: 'claude-haiku-5-5' }));
    expect(screen.getByRole<HTMLInputElement>('combobox', { name: 'Model' }).value).toBe('claude-haiku-5-5');
  });

  it('can be typed where the provider gives no list, and says why there is none', async () => {
    show({ listed: false, models: [], message: 'It does not list its models: type the name of one.', hint: '' });
    expect(await screen.findByText(/does not list its models/)).toBeTruthy();
    fireEvent.change(screen.getByRole('combobox', { name: 'Model' }), { target: { value: 'claude-next' } });
    expect(screen.getByRole<HTMLInputElement>('combobox', { name: 'Model' }).value).toBe('claude-next');
  });

  it('can be typed when nobody could be asked', async () => {
    show(new Refusal(500, { code: 'internal', detail: 'No.' }));
    expect(await screen.findByText(/could not be asked/)).toBeTruthy();
  });

  it('asks no provider for those who may not choose', async () => {
    const asked = show({}, { permissions: ['assistants:read'] });
    expect(await screen.findByText('Any name that the provider knows.')).toBeTruthy();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(asked()).toBe(0);
  });
});
