import type { DashboardProvider } from 'model/dashboard';
import { Search } from 'lucide-react';
import { useState } from 'react';

/** A searchable list of the catalogue. Enter takes the first match. */
export function ProviderPicker({ providers, onPick }: { providers: DashboardProvider[]; onPick: (provider: DashboardProvider) => void }) {
  const [search, setSearch] = useState('');
  const found = matching(providers, search);
  return (
    <form
      className="grid gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        if (found[0]) onPick(found[0]);
      }}
    >
      <label className="relative block">
        <span className="sr-only">Search providers</span>
        <Search size={16} aria-hidden className="absolute top-2.5 left-3 text-muted" />
        <input
          type="search"
          autoFocus
          value={search}
          onChange={(event) => setSearch(event.target.value)}
          placeholder={`Search ${providers.length} providers`}
          className="h-9 w-full rounded-md border border-line bg-page pr-3 pl-9"
        />
      </label>
      <ul aria-label="Providers" className="grid max-h-[50dvh] grid-cols-[minmax(0,1fr)] content-start overflow-y-auto rounded-md border border-line">
        {found.map((provider) => (
          <Choice key={provider.name} provider={provider} onPick={onPick} />
        ))}
        {found.length === 0 ? (
          <li className="px-3 py-6 text-center text-muted">No provider matches. Choose one of the “Private API” entries to connect any other API.</li>
        ) : null}
      </ul>
    </form>
  );
}

function Choice({ provider, onPick }: { provider: DashboardProvider; onPick: (provider: DashboardProvider) => void }) {
  return (
    <li className="border-b border-line [contain-intrinsic-size:auto_3rem] [content-visibility:auto] last:border-0">
      <button type="button" onClick={() => onPick(provider)} className="flex w-full items-center gap-3 px-3 py-2 text-left hover:bg-raised">
        <ProviderLogo name={provider.name} />
        <span className="min-w-0 flex-1 truncate font-medium">{provider.displayName}</span>
        <span className="shrink-0 text-xs text-muted">{provider.authMode}</span>
      </button>
    </li>
  );
}

/** The provider's picture; decoration beside its name. */
export function ProviderLogo({ name }: { name: string }) {
  return <img src={`/images/template-logos/${name}.svg`} alt="" loading="lazy" className="size-6 shrink-0 rounded" />;
}

/** Names that begin with the text come first. */
function matching(providers: DashboardProvider[], search: string): DashboardProvider[] {
  const wanted = search.trim().toLowerCase();
  if (wanted === '') return providers;
  const rank = ({ name, displayName, categories }: DashboardProvider): number => {
    if (displayName.toLowerCase().startsWith(wanted) || name.startsWith(wanted)) return 0;
    return [name, displayName, ...categories].join(' ').toLowerCase().includes(wanted) ? 1 : 2;
  };
  return providers.filter((provider) => rank(provider) < 2).toSorted((a, b) => rank(a) - rank(b));
}
