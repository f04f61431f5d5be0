import type { Credentials } from 'model';
import type { LoginType, TokenGrant } from './token-request.js';

/** Whether a credential can be renewed without its owner. */
export function canRenew(credentials: Credentials, connectionConfig: Record<string, unknown> = {}): boolean {
  return renewalGrant(credentials, connectionConfig) !== undefined;
}

/** What a credential is renewed with; nothing for one that cannot be. An app's installation is known by the connection's config. */
export function renewalGrant(credentials: Credentials, connectionConfig: Record<string, unknown> = {}): TokenGrant | undefined {
  switch (credentials.type) {
    case 'OAUTH2':
    case 'MCP_OAUTH2':
    case 'MCP_OAUTH2_GENERIC':
      return credentials.refresh_token ? { kind: 'refresh_token', credentials } : undefined;
    case 'OAUTH2_CC':
    case 'SIGNATURE':
    case 'BILL':
    case 'TABLEAU':
      return login(credentials.type, credentials);
    case 'APP_STORE':
      return credentials.private_key_id && credentials.issuer_id ? login('APP_STORE', credentials) : undefined;
    case 'AWS_SIGV4':
      return credentials.role_arn ? login('AWS_SIGV4', credentials) : undefined;
    case 'JWT':
    case 'TWO_STEP':
      return hasOwnFields(credentials) ? login(credentials.type, credentials) : undefined;
    case 'APP':
    case 'CUSTOM':
      return installation(credentials, connectionConfig);
    case 'API_KEY':
    case 'BASIC':
    case 'NONE':
    case 'OAUTH1':
    case 'TBA':
      return undefined;
  }
}

/** Of a renewed credential's fields, those that are made, not given. */
const madeFields = new Set(['type', 'token', 'expires_at', 'raw']);

function login(type: LoginType, credentials: Credentials): TokenGrant {
  const { type: _, ...fields } = credentials;
  return { kind: 'login', type, fields };
}

function hasOwnFields(credentials: Record<string, unknown>): boolean {
  return Object.keys(credentials).some((name) => !madeFields.has(name));
}

function installation(credentials: Extract<Credentials, { type: 'APP' | 'CUSTOM' }>, { installation_id: id }: Record<string, unknown>): TokenGrant | undefined {
  if (typeof id === 'string' && id !== '') return { kind: 'installation', installationId: id, credentials };
  if (typeof id === 'number') return { kind: 'installation', installationId: String(id), credentials };
  return credentials.type === 'CUSTOM' && credentials.user?.refresh_token ? { kind: 'installation', installationId: '', credentials } : undefined;
}
