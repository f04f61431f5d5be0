import type { AuthMode } from 'model';
import type { ConnectField, ConnectProvider } from 'model/connect';

type Fields = Record<string, ConnectField>;

/**
 * The credential of each auth mode, as far as its route fixes the fields (surface 5.1). The catalogue's entry describes them further;
 * the fields of JWT and TWO_STEP come from the entry alone. Modes without an entry here have no form for a credential.
 */
const credentialFields: Partial<Record<AuthMode, Fields>> = {
  API_KEY: { apiKey: { title: 'API key', secret: true } },
  BASIC: { username: { title: 'User name' }, password: { title: 'Password', secret: true } },
  OAUTH2_CC: { client_id: { title: 'Client ID' }, client_secret: { title: 'Client secret', secret: true } },
  TBA: { token_id: { title: 'Token ID' }, token_secret: { title: 'Token secret', secret: true } },
  SIGNATURE: { username: { title: 'User name' }, password: { title: 'Password', secret: true } },
  BILL: {
    username: { title: 'User name' },
    password: { title: 'Password', secret: true },
    organization_id: { title: 'Organization ID' },
    dev_key: { title: 'Developer key', secret: true },
  },
  APP_STORE: {
    issuerId: { title: 'Issuer ID', format: 'uuid' },
    privateKeyId: { title: 'Key ID' },
    privateKey: { title: 'Private key', multiline: true, secret: true, example: '-----BEGIN PRIVATE KEY-----' },
  },
  TABLEAU: {
    pat_name: { title: 'Token name' },
    pat_secret: { title: 'Token secret', secret: true },
    content_url: { title: 'Site', optional: true },
  },
  AWS_SIGV4: {
    role_arn: { title: 'Role ARN', example: 'arn:aws:iam::123456789012:role/name', pattern: '^arn:aws[a-z-]*:iam::\\d{12}:role/.+$' },
    region: { title: 'Region', example: 'eu-central-1', optional: true },
  },
  JWT: {},
  TWO_STEP: {},
};

/** Values for URLs that a mode needs whether or not the entry names them. */
const configFields: Partial<Record<AuthMode, Fields>> = {
  TBA: { accountId: { title: 'Account ID', example: '1234567_SB1' } },
  MCP_OAUTH2_GENERIC: { mcp_server_url: { title: 'MCP server URL', format: 'uri', example: 'https://mcp.example.com/mcp' } },
};

/** The credential's fields: the mode's, described by the catalogue's entry, and those that only the entry has. */
export function credentialOf({ auth_mode, credentials }: ConnectProvider): Fields {
  const defaults = credentialFields[auth_mode];
  return defaults ? described(defaults, credentials) : {};
}

/** The values for URLs: the entry's, and what the mode cannot do without. */
export function configOf({ auth_mode, connection_config }: ConnectProvider): Fields {
  return described(configFields[auth_mode] ?? {}, connection_config);
}

/** The entry's words win over the mode's. An expected form belongs to the words that describe it. */
function described(defaults: Fields, own: Fields = {}): Fields {
  return { ...defaults, ...Object.fromEntries(Object.entries(own).map(([name, field]) => [name, { ...defaults[name], ...field }])) };
}
