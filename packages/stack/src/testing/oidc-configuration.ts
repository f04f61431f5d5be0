import { generateKeyPairSync } from 'node:crypto';
import { type ClientMetadata, Provider as OidcProvider } from 'oidc-provider';

/** How long what the server gives out is good for, in seconds. */
export type Lifetimes = { codeS: number; accessTokenS: number; refreshTokenS: number };

const usual: Lifetimes = { codeS: 60, accessTokenS: 3_600, refreshTokenS: 14 * 86_400 };

/** The secret of the test clients that have one: it needs encoding wherever it is sent. */
export const testClientSecret = 'a secret: with & signs % and+plus';

/** The private key of the client `key`, in PEM. */
export const { privateKey: testClientKey, publicKey } = generateKeyPairSync('ec', {
  namedCurve: 'P-256',
  publicKeyEncoding: { type: 'spki', format: 'jwk' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});

/** One client for each way to prove itself: `basic`, `body`, `public` and `key`. */
export function testClients(redirectUris: string[]): ClientMetadata[] {
  const common = { redirect_uris: redirectUris, grant_types: ['authorization_code', 'refresh_token'], scope: 'openid offline_access read write' };
  const withSecret = { ...common, client_secret: testClientSecret, grant_types: [...common.grant_types, 'client_credentials'] };
  const jwks = { keys: [{ ...publicKey, alg: 'ES256', use: 'sig' }] };
  return [
    { ...withSecret, client_id: 'basic', token_endpoint_auth_method: 'client_secret_basic' },
    { ...withSecret, client_id: 'body', token_endpoint_auth_method: 'client_secret_post' },
    { ...common, client_id: 'public', token_endpoint_auth_method: 'none' },
    { ...common, client_id: 'key', token_endpoint_auth_method: 'private_key_jwt', jwks } as ClientMetadata, // a JWK as Node exports it
  ];
}

/** The certified library, as strict as it can be set. */
export function oidcProvider(url: string, clients: ClientMetadata[], lifetimes: Partial<Lifetimes>): OidcProvider {
  const { codeS, accessTokenS, refreshTokenS } = { ...usual, ...lifetimes };
  return new OidcProvider(url, {
    clients,
    clientAuthMethods: ['none', 'client_secret_basic', 'client_secret_post', 'private_key_jwt'],
    scopes: ['openid', 'offline_access', 'read', 'write'],
    pkce: { required: () => true },
    rotateRefreshToken: true,
    issueRefreshToken: () => Promise.resolve(true),
    ttl: {
      AuthorizationCode: codeS,
      AccessToken: accessTokenS,
      ClientCredentials: accessTokenS,
      RefreshToken: refreshTokenS,
      Interaction: 3_600,
      Session: 3_600,
      Grant: 14 * 86_400,
      IdToken: 3_600,
    },
    interactions: { url: (_, { uid }) => `/interaction/${uid}` },
    findAccount: (_, id) => Promise.resolve({ accountId: id, claims: () => ({ sub: id }) }),
    // Its own page may load nothing and says little: tests read the error from the text.
    renderError: (context, out) => void ((context.type = 'text'), (context.body = JSON.stringify(out))),
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      registration: { enabled: true },
      revocation: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: () => ({ scope: 'read', audience: `${url}/mcp`, accessTokenFormat: 'opaque' }),
      },
    },
  });
}
