import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.js';
import { RequestError } from './data/api.js';
import { settings } from './data/settings.js';
import './styles.css';

const isRefusal = (error: unknown): boolean => error instanceof RequestError && error.status < 500;
const client = new QueryClient({
  defaultOptions: { queries: { retry: (count, error) => !isRefusal(error) && count < 2, staleTime: Infinity, refetchOnWindowFocus: false } },
});

if (settings.theme) document.documentElement.dataset['theme'] = settings.theme;

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={client}>
      <App />
    </QueryClientProvider>
  </StrictMode>,
);
