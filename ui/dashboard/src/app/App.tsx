import { MantineProvider } from '@mantine/core';
import { DatesProvider } from '@mantine/dates';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { useState } from 'react';
import { RouterProvider } from 'react-router/dom';
import { ConfirmProvider } from '@/parts/Confirm';
import { cssVariables, theme } from '@/theme/theme';
import { styleNonce } from './nonce';
import { makeQueryClient } from './queryClient';
import { makeRouter } from './routes';

export function App() {
  const [client] = useState(makeQueryClient);
  const [router] = useState(makeRouter);
  return (
    <MantineProvider
      getStyleNonce={styleNonce}
      theme={theme}
      cssVariablesResolver={cssVariables}
      defaultColorScheme="auto"
    >
      <QueryClientProvider client={client}>
        <DatesProvider settings={{ firstDayOfWeek: 1 }}>
          <ConfirmProvider>
            <RouterProvider router={router} />
          </ConfirmProvider>
          <Notifications position="top-center" limit={3} />
        </DatesProvider>
      </QueryClientProvider>
    </MantineProvider>
  );
}
