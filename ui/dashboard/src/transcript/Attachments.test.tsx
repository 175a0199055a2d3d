import { MantineProvider } from '@mantine/core';
import { render, screen } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { Attachment } from '@/api/types';
import { Attachments } from './Attachments';

const file = (more: Partial<Attachment>): Attachment => ({
  id: 'f',
  name: 'photo.jpg',
  mime_type: 'image/jpeg',
  size: 640,
  voice: false,
  state: '',
  reading: '',
  error: '',
  ...more,
});

const show = (more: Partial<Attachment>) =>
  render(
    <MantineProvider env="test">
      <Attachments attachments={[file(more)]} />
    </MantineProvider>,
  ).container;

describe('a file of a message', () => {
  it('is a picture with what was seen in it beneath', () => {
    const shown = show({ reading: 'A red parcel' });
    expect(screen.getByRole('img', { name: 'Image photo.jpg' }).getAttribute('src')).toBe('/api/v1/attachments/f');
    expect(shown.textContent).toContain('What the assistant saw in it: A red parcel');
  });

  it('is a voice note with a player and its words', () => {
    const shown = show({ mime_type: 'audio/ogg', voice: true, reading: 'where is my order' });
    expect(screen.getByLabelText('Voice note').tagName).toBe('AUDIO');
    expect(shown.textContent).toContain('What was said: where is my order');
  });

  it('says that it is on its way, or being read', () => {
    expect(show({ state: 'pending' }).textContent).toContain('is being fetched');
    expect(show({ state: 'reading' }).textContent).toContain('looking at it');
    expect(show({ state: 'reading', mime_type: 'audio/ogg' }).textContent).toContain('being transcribed');
    expect(screen.getAllByRole('status')).toHaveLength(3);
  });

  it('says why it is missing, and offers nothing to open', () => {
    const shown = show({ state: 'missing', error: 'Meta has deleted it.' });
    expect(shown.textContent).toContain('photo.jpgcould not be fetchedMeta has deleted it.');
    expect(shown.querySelector('a, img, audio')).toBeNull();
  });

  it('says why nobody read it, and what it was called', () => {
    const shown = show({ mime_type: 'text/html', name: 'photo', declared_type: 'image/jpeg', error: 'Too large.' });
    expect(shown.textContent).toContain('Nobody looked at it: Too large.');
    expect(shown.textContent).toContain('The sender called it image/jpeg; it is text/html.');
    expect(screen.getByRole('link', { name: 'Download photo' })).toBeTruthy();
  });
});
