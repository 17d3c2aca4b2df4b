import { CSPProvider } from '@base-ui/react/csp-provider';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { access } from '../api/access.ts';
import { queryClient } from '../api/query-client.ts';
import { router } from './router.tsx';
import { RefusedPage } from './session-pages.tsx';

export function Providers() {
  const isRefused = access.useRefused();
  return (
    <StrictMode>
      <CSPProvider disableStyleElements>
        <QueryClientProvider client={queryClient}>
          {isRefused ? <RefusedPage /> : <RouterProvider router={router} />}
        </QueryClientProvider>
      </CSPProvider>
    </StrictMode>
  );
}
