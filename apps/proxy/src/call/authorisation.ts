import type { Credentials } from 'model';
import { interpolate, type PlaceholderValues, type Provider } from 'providers';
import { accessTokenOf, modeHeader } from './mode-header.js';

/** What a connection adds to each of its calls. Header names are in lower case; the query is by name. */
export type Authorisation = { headers: Record<string, string>; query: [name: string, value: string][] };

/**
 * The headers and parameters with which a call proves who it is for: the auth mode's own header, then the provider's headers,
 * which win over it (surface 5.7). What needs a value of the connection's config that is not there is left out.
 */
export function authorisationOf(provider: Provider, credentials: Credentials, values: PlaceholderValues): Authorisation {
  return {
    headers: {
      ...modeHeader(provider, credentials),
      ...Object.fromEntries(fill(provider.proxy?.headers, values).map(([name, text]) => [name.toLowerCase(), text])),
    },
    query: fill(provider.proxy?.query, values),
  };
}

const ofOneCall = /\$\{[^}]*\b(now|random|method|host|path|endpoint|params|bodyCanonicalParams)\b/;

/** Whether each call is authorised with values of its own: the time, or parts of the request. */
export function isPerCall({ proxy }: Provider): boolean {
  return Object.values({ ...proxy?.headers, ...proxy?.query }).some((template) => ofOneCall.test(template));
}

/** Whose values placeholders name. */
export type PlaceholderSource = {
  credentials: Credentials;
  connectionConfig: PlaceholderValues;
  metadata?: PlaceholderValues | null | undefined;
  client?: { id: string; secret: string } | undefined;
};

/**
 * What placeholders of the catalogue can name: the credential's fields by themselves and under `credentials`, its token as `accessToken`,
 * the connection's config and metadata, and the integration's client.
 */
export function placeholderValues({ credentials, connectionConfig, metadata, client }: PlaceholderSource): PlaceholderValues {
  const own = credentials.type === 'OAUTH2_CC' ? { id: credentials.client_id, secret: credentials.client_secret } : client;
  return {
    ...credentials,
    ...(own ? { clientId: own.id, clientSecret: own.secret } : {}),
    accessToken: accessTokenOf(credentials),
    credentials,
    connectionConfig,
    metadata,
  };
}

function fill(templates: Record<string, string> | undefined, values: PlaceholderValues): [name: string, value: string][] {
  const filled = Object.entries(templates ?? {}).map(([name, value]) => ({ name: interpolate(name, values), value: interpolate(value, values) }));
  const complete = filled.filter(({ name, value }) => ![...name.missing, ...value.missing].some((missing) => missing.includes('connectionConfig.')));
  return complete.map(({ name, value }) => [name.text, value.text]);
}
