import type { Credentials } from 'model';
import { interpolate, type PlaceholderValues, type Provider } from 'providers';

/** What a connection adds to each of its calls. Header names are in lower case; `query` is encoded, without a `?`. */
export type Authorisation = { headers: Record<string, string>; query: string };

/**
 * The headers and parameters with which a call proves who it is for: the auth mode's own header, then the provider's headers,
 * which win over it (surface 5.7). What needs a value of the connection's config that is not there is left out.
 */
export function authorisationOf(provider: Provider, credentials: Credentials, connectionConfig: PlaceholderValues): Authorisation {
  const values = placeholderValues(credentials, connectionConfig);
  return {
    headers: { ...modeHeader(credentials), ...fill(provider.proxy?.headers, values, (name) => name.toLowerCase()) },
    query: new URLSearchParams(fill(provider.proxy?.query, values, (name) => name)).toString(),
  };
}

/** Whether each call is authorised with values of its own, such as the time. */
export function isPerCall({ proxy }: Provider): boolean {
  return Object.values({ ...proxy?.headers, ...proxy?.query }).some((template) => /\$\{(now|random)\b/.test(template));
}

/** What placeholders of the catalogue can name: the credential's fields by themselves and under `credentials`, and the connection's config. */
export function placeholderValues(credentials: Credentials, connectionConfig: PlaceholderValues): PlaceholderValues {
  const own = credentials.type === 'OAUTH2' ? { accessToken: credentials.access_token } : credentials;
  return { ...own, credentials, connectionConfig };
}

function modeHeader(credentials: Credentials): Record<string, string> {
  switch (credentials.type) {
    case 'BASIC':
      return { authorization: `Basic ${Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64')}` };
    case 'OAUTH2':
      return { authorization: `Bearer ${credentials.access_token}` };
    case 'API_KEY':
    case 'NONE':
      return {};
  }
}

function fill(templates: Record<string, string> | undefined, values: PlaceholderValues, nameOf: (name: string) => string): Record<string, string> {
  const filled = Object.entries(templates ?? {}).map(([name, value]) => ({ name: interpolate(name, values), value: interpolate(value, values) }));
  const complete = filled.filter(({ name, value }) => ![...name.missing, ...value.missing].some((missing) => missing.includes('connectionConfig.')));
  return Object.fromEntries(complete.map(({ name, value }) => [nameOf(name.text), value.text]));
}
