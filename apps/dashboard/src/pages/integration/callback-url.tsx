import type { DashboardProvider } from 'model/dashboard';
import { CopyButton } from '../../components/copy-button.js';

/** The URL that an app has to be registered with at the provider, and where that is explained. */
export function CallbackUrl({ provider, url }: { provider: DashboardProvider; url: string }) {
  return (
    <div className="grid gap-2 rounded-md border border-accent/40 bg-accent/8 px-4 py-3">
      <p>
        Give {provider.displayName} this callback URL when you register your app there. <ProviderLinks provider={provider} />
      </p>
      <div className="flex items-center gap-2">
        <code aria-label="Callback URL" className="min-w-0 font-medium break-all">
          {url}
        </code>
        <CopyButton text={url} label="Copy the callback URL" />
      </div>
    </div>
  );
}

/** Links to the provider's own pages, where the catalogue knows them. */
export function ProviderLinks({ provider: { setupGuide, docs } }: { provider: DashboardProvider }) {
  const links = [
    { href: setupGuide, text: 'Setup guide' },
    { href: docs, text: 'API documentation' },
  ];
  return links.map(({ href, text }) =>
    href ? (
      <a key={text} className="mr-3 text-accent underline" href={href} target="_blank" rel="noreferrer">
        {text}
      </a>
    ) : null,
  );
}
