import { screen } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { UsageRow } from '@/api/types';
import { showPage } from '@/test/page';
import { conversation } from '@/test/samples';
import { serve } from '@/test/server';
import { UsageCard } from './UsageCard';

const row = (more: Partial<UsageRow>): UsageRow => ({
  id: 'u1',
  kind: 'reply',
  provider_id: 'p1',
  model: 'claude-opus-5-5',
  assistant_version: 1,
  complete: true,
  input_tokens: 1200,
  output_tokens: 300,
  cached_tokens: null,
  cache_write_tokens: null,
  reasoning_tokens: null,
  audio_in_tokens: null,
  audio_out_tokens: null,
  raw: null,
  credits: '0.5',
  started_at: '2026-03-08T10:30:00Z',
  settled_at: '2026-03-08T10:30:02Z',
  ...more,
});

describe('what a call used', () => {
  it('tells apart what the provider does', () => {
    serve({});
    const usage_rows = [
      row({ cached_tokens: 1000, cache_write_tokens: 150, reasoning_tokens: 200, audio_in_tokens: 0 }),
      row({ id: 'u2', kind: 'transcription', audio_in_tokens: 90, audio_out_tokens: 7 }),
    ];
    showPage(<UsageCard conversation={conversation('c', { usage_rows })} />, { path: '/', at: '/' });
    expect(screen.getByText('1,000 in from cache · 150 in to cache · 200 out not shown')).toBeTruthy();
    expect(screen.getByText('90 in as sound · 7 out as sound')).toBeTruthy();
  });
});
