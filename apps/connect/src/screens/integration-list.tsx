import { ChevronRight, Search } from 'lucide-react';
import type { ConnectIntegration } from 'model/connect';
import { useState } from 'react';
import { Card } from '../components/card.js';
import { Logo } from '../components/logo.js';

/** More than the eye takes in at once. */
const searchFrom = 8;

export function IntegrationListScreen({ integrations, onChoose }: { integrations: ConnectIntegration[]; onChoose: (integration: ConnectIntegration) => void }) {
  const [search, setSearch] = useState('');
  const found = integrations.filter((integration) => textOf(integration).includes(search.trim().toLowerCase()));
  return (
    <Card>
      <h1 className="text-lg font-semibold tracking-tight">Connect an account</h1>
      <p className="mt-1 mb-5 text-muted">Choose what you want to connect.</p>
      {integrations.length >= searchFrom ? <SearchField value={search} onChange={setSearch} /> : null}
      <ul className="-mx-3 grid max-h-96 gap-0.5 overflow-y-auto">
        {found.map((integration) => (
          <li key={integration.unique_key}>
            <button type="button" onClick={() => onChoose(integration)} className="flex w-full items-center gap-3 rounded-xl p-3 text-left hover:bg-raised">
              <Logo src={integration.logo} />
              <span className="min-w-0 flex-1 truncate font-medium">{integration.display_name}</span>
              <ChevronRight size={16} className="text-muted" />
            </button>
          </li>
        ))}
      </ul>
      {found.length === 0 ? <p className="py-6 text-center text-muted">Nothing has this name.</p> : null}
    </Card>
  );
}

function SearchField({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  return (
    <label className="mb-3 flex h-10 items-center gap-2 rounded-lg border border-line px-3 focus-within:border-accent">
      <Search size={16} className="text-muted" />
      <input
        type="search"
        aria-label="Search"
        placeholder="Search"
        value={value}
        onChange={(event) => onChange(event.target.value)}
        className="min-w-0 flex-1 bg-transparent outline-none"
      />
    </label>
  );
}

function textOf({ display_name, unique_key, provider }: ConnectIntegration): string {
  return [display_name, unique_key, provider].join(' ').toLowerCase();
}
