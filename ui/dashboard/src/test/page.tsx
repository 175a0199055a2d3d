import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render } from '@testing-library/react';
import type { ReactNode } from 'react';
import { RouterProvider, createMemoryRouter } from 'react-router';
import { LiveProvider } from '@/live/LiveProvider';
import { ConfirmProvider } from '@/parts/Confirm';
import { theme } from '@/theme/theme';

/** Shows a page at a URL, with everything around it that pages rely on. Returns where it is now. */
export function showPage(page: ReactNode, options: { path: string; at: string }) {
  const router = createMemoryRouter([{ path: options.path, element: <LiveProvider>{page}</LiveProvider> }], {
    initialEntries: [options.at],
  });
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  render(
    <MantineProvider theme={theme} env="test">
      <QueryClientProvider client={client}>
        <ConfirmProvider>
          <RouterProvider router={router} />
        </ConfirmProvider>
      </QueryClientProvider>
    </MantineProvider>,
  );
  return () => router.state.location.pathname + router.state.location.search;
}
