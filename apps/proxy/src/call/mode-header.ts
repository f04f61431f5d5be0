import type { Credentials } from 'model';
import type { Provider } from 'providers';

/** The header with which an auth mode by itself proves who a call is for (surface 5.7). Modes that sign each call, or that leave it to the provider, have none. */
export function modeHeader(provider: Provider, credentials: Credentials): Record<string, string> {
  switch (credentials.type) {
    case 'BASIC':
      return { authorization: `Basic ${Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64')}` };
    case 'OAUTH2':
    case 'APP':
    case 'APP_STORE':
    case 'MCP_OAUTH2':
    case 'MCP_OAUTH2_GENERIC':
      return bearer(provider, credentials.access_token);
    case 'OAUTH2_CC':
    case 'JWT':
    case 'SIGNATURE':
    case 'TWO_STEP':
    case 'TABLEAU':
      return bearer(provider, credentials.token);
    case 'API_KEY':
    case 'BILL':
    case 'CUSTOM':
    case 'NONE':
    case 'OAUTH1':
    case 'TBA':
    case 'AWS_SIGV4':
      return {};
  }
}

/** What the catalogue calls `${accessToken}`, whatever the auth mode calls it. */
export function accessTokenOf(credentials: Credentials): string | undefined {
  if ('access_token' in credentials && typeof credentials.access_token === 'string') return credentials.access_token;
  return 'token' in credentials && typeof credentials.token === 'string' ? credentials.token : undefined;
}

function bearer(provider: Provider, token: string | undefined): Record<string, string> {
  if (token === undefined || carriesToken(provider)) return {};
  return { authorization: `${provider.proxy_header_authorization ?? 'Bearer'} ${token}` };
}

/** Whether the provider's own headers or parameters bring the token, or a session's cookie: then it stands nowhere else. */
function carriesToken({ proxy }: Provider): boolean {
  const hasCookie = Object.keys(proxy?.headers ?? {}).some((name) => name.toLowerCase() === 'cookie');
  return hasCookie || [...Object.values(proxy?.headers ?? {}), ...Object.values(proxy?.query ?? {})].some((template) => template.includes('${accessToken}'));
}
