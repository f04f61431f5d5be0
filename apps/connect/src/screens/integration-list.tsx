import { ChevronRight, Search } from 'lucide-react';
import type { ConnectIntegration } from 'model/connect';
import { useState } from 'react';
import { Card } from '../components/card.js';
import { Heading } from '../components/heading.js';
import { Logo } from '../components/logo.js';
import { useText } from '../language/use-text.js';

/** More than the eye takes in at once. */
const minForSearch = 8;

type ListProps = { integrations: ConnectIntegration[]; onChoose: (integration: ConnectIntegration) => void };

/** What the session is for, to choose from. */
export function IntegrationListScreen({ integrations, onChoose }: ListProps) {
  const text = useText();
  const [search, setSearch] = useState('');
  const found = integrations.filter((integration) => textOf(integration).includes(search.trim().toLowerCase()));
  return (
    <Card>
      <Heading>{text('list.title')}</Heading>
      <p className="mt-1 mb-5 text-muted">{text('list.text')}</p>
      {integrations.length >= minForSearch ? <SearchField value={search} onChange={setSearch} /> : null}
      <ul
        className={`-mx-3 grid content-start gap-0.5 sm:max-h-96 sm:overflow-y-auto ${found.length > 0 && integrations.length >= minForSearch ? 'sm:min-h-96' : ''}`}
      >
        {found.map((integration) => (
          <li key={integration.unique_key}>
            <Choice integration={integration} onChoose={onChoose} />
          </li>
        ))}
      </ul>
      <p role="status" className={found.length === 0 ? 'py-6 text-center text-muted wrap-anywhere sm:min-h-96' : 'sr-only'}>
        {found.length === 0 ? text('list.nothingFound', { search: search.trim() }) : ''}
      </p>
    </Card>
  );
}

function Choice({ integration, onChoose }: Omit<ListProps, 'integrations'> & { integration: ConnectIntegration }) {
  return (
    <button
      type="button"
      onClick={() => onChoose(integration)}
      className="flex min-h-16 w-full items-center gap-3 rounded-xl px-3 py-2 text-left transition -outline-offset-2 hover:bg-raised"
    >
      <Logo src={integration.logo} name={integration.display_name} />
      <span title={integration.display_name} className="line-clamp-2 min-w-0 flex-1 font-medium wrap-anywhere">
        {integration.display_name}
      </span>
      <ChevronRight size={16} aria-hidden className="shrink-0 text-muted" />
    </button>
  );
}

function SearchField({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const text = useText();
  return (
    <label className="mb-3 flex min-h-11 items-center gap-2 rounded-lg border border-edge px-3 focus-within:border-link focus-within:ring-3 focus-within:ring-link/20">
      <Search size={16} aria-hidden className="shrink-0 text-muted" />
      <input
        type="search"
        aria-label={text('list.search')}
        placeholder={text('list.search')}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        className="min-w-0 flex-1 bg-transparent text-base outline-none placeholder:text-muted sm:text-sm"
      />
    </label>
  );
}

function textOf({ display_name, unique_key, provider }: ConnectIntegration): string {
  return [display_name, unique_key, provider].join(' ').toLowerCase();
}
