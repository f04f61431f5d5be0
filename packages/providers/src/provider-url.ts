import type { AuthMode } from 'model';
import { interpolate, type PlaceholderValues } from './interpolation.js';
import type { Provider } from './provider.js';

/** A URL of the catalogue for one connection, or the values that the connection lacks (`missing`) or has in a form that no host may have (`refused`). */
export type ProviderUrl = { kind: 'known'; url: string } | { kind: 'missing'; names: string[] } | { kind: 'refused'; host: string };

/**
 * Fills a URL of the catalogue. A value within the host may only hold what a host name holds: a subdomain of `evil.example/?`
 * would send the integration's client secret elsewhere.
 */
export function buildUrl(template: string, values: PlaceholderValues): ProviderUrl {
  const filled = interpolate(template, values);
  if (filled.missing.length > 0) return { kind: 'missing', names: filled.missing };
  const host = hostOf(filled.template);
  if (host === undefined) return { kind: 'known', url: filled.text };
  const filledHost = interpolate(host, values).text;
  return /^[a-z0-9._-]+(:\d+)?$/i.test(filledHost) ? { kind: 'known', url: filled.text } : { kind: 'refused', host: filledHost };
}

/** The base URL of calls to a provider, without a slash at its end; `none` for a provider that names none. */
export function buildBaseUrl(provider: Provider, values: PlaceholderValues): ProviderUrl | { kind: 'none' } {
  if (!provider.proxy) return { kind: 'none' };
  const built = buildUrl(provider.proxy.base_url, values);
  return built.kind === 'known' ? { kind: 'known', url: built.url.replace(/\/+$/, '') } : built;
}

/** The token endpoint of an entry; one that has two tells them apart by auth mode. */
export function tokenUrlOf({ token_url: url }: Provider, mode: AuthMode): string | undefined {
  if (typeof url !== 'object') return url;
  return mode === 'APP' ? url.APP : url.OAUTH2;
}

/** Host and port of a template with its scheme written out; nothing where the whole URL comes from the connection. */
function hostOf(template: string): string | undefined {
  return /^https?:\/\/([^/?#]*)/.exec(template)?.[1];
}
