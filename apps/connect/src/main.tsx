import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.js';
import { Announcer } from './components/announcer.js';
import { RequestError } from './data/api.js';
import { settings } from './data/settings.js';
import { chooseLanguage, languages } from './language/languages.js';
import { TextProvider } from './language/use-text.js';
import { applyTheme } from './theme/theme.js';
import './styles.css';

const isRefusal = (error: unknown): boolean => error instanceof RequestError && error.status < 500;
const client = new QueryClient({
  defaultOptions: { queries: { retry: (count, error) => !isRefusal(error) && count < 2, staleTime: Infinity, refetchOnWindowFocus: false } },
});

applyTheme(document.documentElement, {}, settings.theme);
const language = chooseLanguage([settings.language ?? '', ...navigator.languages]);
const dictionary = await languages[language]();
document.documentElement.lang = language;
document.title = dictionary['page.title'];

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={client}>
      <TextProvider dictionary={dictionary}>
        <Announcer>
          <App />
        </Announcer>
      </TextProvider>
    </QueryClientProvider>
  </StrictMode>,
);
