import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { RequestError } from './data/api.js';
import { createAppRouter } from './router.js';
import './styles.css';

const isRefusal = (error: unknown): boolean => error instanceof RequestError && error.status < 500;
const client = new QueryClient({ defaultOptions: { queries: { retry: (count, error) => !isRefusal(error) && count < 2, staleTime: 1_000 } } });

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={client}>
      <RouterProvider router={createAppRouter(client)} />
    </QueryClientProvider>
  </StrictMode>,
);
