import { fireEvent, screen, waitFor } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { Provider, Workspace } from '@/api/types';
import { showPage } from '@/test/page';
import { me } from '@/test/samples';
import { Refusal, serve } from '@/test/server';
import { SpeechForm } from './SpeechForm';

const provider: Provider = {
  id: 'p1',
  name: 'OpenAI',
  kind: 'openai',
  base_url: 'https://api.openai.com/v1',
  has_key: true,
  models: ['gpt-5', 'whisper-1'],
  created_at: '2026-03-08T10:30:00Z',
  updated_at: '2026-03-08T10:30:00Z',
};

function show(workspace: Partial<Workspace>, providers: Provider[] = [provider], answer?: unknown) {
  const whole = { ...me.workspace, ...workspace };
  const asked = serve({
    'GET /api/v1/me': { ...me, permissions: ['settings:read', 'settings:write'] },
    'PATCH /api/v1/workspace': answer ?? whole,
  });
  showPage(<SpeechForm workspace={whole} providers={providers} />, { path: '/', at: '/' });
  return () => asked.filter((a) => a.method === 'PATCH').map((a) => a.body);
}

const choose = async (label: string) => {
  fireEvent.click(await screen.findByRole('combobox', { name: 'Transcribed by' }));
  fireEvent.click(await screen.findByRole('option', { name: label }));
};

describe('what transcribes', () => {
  it('is a model of a provider, which has to be named', async () => {
    const saved = show({});
    await choose('OpenAI');
    fireEvent.click(screen.getByRole('button', { name: 'Save' }));
    expect(await screen.findByText('Name the model that transcribes.')).toBeTruthy();
    fireEvent.change(screen.getByRole('combobox', { name: 'Model' }), { target: { value: ' whisper-1 ' } });
    fireEvent.click(screen.getByRole('button', { name: 'Save' }));
    await waitFor(() => expect(saved()).toEqual([{ speech: { provider_id: 'p1', model: 'whisper-1' } }]));
  });

  it("is the server's own program, where there is one", async () => {
    const saved = show({ speech_kinds: ['command', 'openai'], speech: { provider_id: 'p1', model: 'whisper-1' } });
    await choose("This server's own program");
    expect(screen.queryByRole('combobox', { name: 'Model' })).toBeNull();
    fireEvent.click(await screen.findByRole('button', { name: 'Save' }));
    await waitFor(() => expect(saved()).toEqual([{ speech: { provider_id: 'command', model: '' } }]));
  });

  it('may be nothing, and says what is missing', async () => {
    show({}, []);
    expect(await screen.findByText(/Nothing here can transcribe yet/)).toBeTruthy();
  });

  it('says why a choice was refused', async () => {
    show(
      { speech: { provider_id: 'p1', model: 'x' } },
      [provider],
      new Refusal(422, { code: 'invalid', detail: 'No.' }),
    );
    await choose('Nothing: voice notes are only kept');
    fireEvent.click(await screen.findByRole('button', { name: 'Save' }));
    expect((await screen.findByRole('alert')).textContent).toContain('No.');
  });
});
