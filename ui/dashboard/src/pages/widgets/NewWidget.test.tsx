import { fireEvent, screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import { showPage } from '@/test/page';
import { type Asked, serve } from '@/test/server';
import { NewWidget } from './NewWidget';

it('offers every assistant, on whatever page of the list it is', async () => {
  const page = (names: string[], next: string | null) => ({
    data: names.map((name) => ({ id: name.toLowerCase(), name })),
    next_cursor: next,
  });
  serve({
    'GET /api/v1/assistants': ({ query }: Asked) =>
      query.get('cursor') === 'second' ? page(['Zoe'], null) : page(['Mira', 'Ada'], 'second'),
  });
  showPage(<NewWidget opened onClose={() => {}} />, { path: '/', at: '/' });
  fireEvent.click(await screen.findByDisplayValue('Mira'));
  expect(await screen.findByRole('option', { name: 'Zoe', hidden: true })).toBeTruthy();
});
