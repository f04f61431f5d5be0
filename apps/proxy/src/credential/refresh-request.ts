import { AppError } from 'model';
import { buildUrl, interpolate, type PlaceholderValues, type Provider } from 'providers';

/** What a refresh needs to know: the provider, the connection's values, the integration's client and the token to spend. */
export type Refresh = { provider: Provider; connectionConfig: PlaceholderValues; clientId: string; clientSecret: string; refreshToken: string };

/** A request to a token endpoint, ready to be sent. */
export type TokenEndpointRequest = { url: string; headers: Record<string, string>; body: string };

/**
 * The refresh request of RFC 6749, section 6, in the dialect that the catalogue names: where the client proves itself, and how the body
 * is written.
 *
 * @throws AppError `missing_api_url` when the connection lacks a value of the token endpoint's URL
 */
export function refreshRequest({ provider, connectionConfig, clientId, clientSecret, refreshToken }: Refresh): TokenEndpointRequest {
  const values = { connectionConfig, clientId, clientSecret, refresh_token: refreshToken };
  const inHeader = provider.token_request_auth_method === 'basic' || provider.authorization_method === 'header';
  const fields = {
    ...fill(provider.refresh_params ?? provider.token_params, values),
    grant_type: 'refresh_token',
    refresh_token: refreshToken,
    ...(inHeader ? {} : { client_id: clientId, client_secret: clientSecret }),
  };
  const json = provider.body_format === 'json';
  return {
    url: tokenUrl(provider, values),
    headers: {
      accept: 'application/json',
      'content-type': json ? 'application/json' : 'application/x-www-form-urlencoded',
      'user-agent': 'nango',
      ...(inHeader ? { authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}` } : {}),
      ...fill(provider.token_headers, values),
    },
    body: json ? JSON.stringify(fields) : new URLSearchParams(fields).toString(),
  };
}

function tokenUrl(provider: Provider, values: PlaceholderValues): string {
  const template = provider.refresh_url ?? provider.token_url;
  const built = template === undefined ? undefined : buildUrl(template, values);
  if (built?.kind === 'known') return built.url;
  throw new AppError('missing_api_url', { message: `The token endpoint of '${provider.name}' cannot be built for this connection` });
}

function fill(templates: Record<string, string> | undefined, values: PlaceholderValues): Record<string, string> {
  return Object.fromEntries(Object.entries(templates ?? {}).map(([name, template]) => [name, interpolate(template, values).text]));
}
