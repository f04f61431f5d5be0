import { createPrivateKey, type KeyObject, type webcrypto } from 'node:crypto';
import { AppError } from 'model';
import { type PrivateKey, PrivateKeyJwt } from 'oauth4webapi';
import type { Provider } from 'providers';

/** How a client proves itself at a token endpoint. */
export type ClientAuthenticationMethod = NonNullable<Provider['token_request_auth_method']>;

/** What proves the client: headers, and fields of the body. */
export type ClientProof = { headers: Record<string, string>; fields: Record<string, string> };

type Client = { id: string; secret: string };

/** The method of an entry: in the body, unless it says otherwise. */
export function authenticationMethodOf({ token_request_auth_method: method, authorization_method: place }: Provider): ClientAuthenticationMethod {
  return method ?? (place === 'header' ? 'basic' : 'body');
}

/**
 * Proves a client at an endpoint (RFC 6749, section 2.3; RFC 7523 for `private_key_jwt`, whose secret is a private key as PEM or JWK).
 * `custom` leaves it to the entry's own headers and parameters.
 *
 * @throws AppError `token_request_failed` when the client's private key is no key
 */
export async function proveClient(client: Client, method: ClientAuthenticationMethod, endpoint: { url: string; provider: Provider }): Promise<ClientProof> {
  switch (method) {
    case 'basic':
      return { headers: { authorization: basicHeader(client, endpoint.provider.basic_auth_unencoded ?? false) }, fields: {} };
    case 'body':
      return { headers: {}, fields: { client_id: client.id, client_secret: client.secret } };
    case 'none':
      return { headers: {}, fields: { client_id: client.id } };
    case 'private_key_jwt':
      return { headers: {}, fields: await clientAssertion(client, endpoint.provider.issuer ?? endpoint.url) };
    case 'custom':
      return { headers: {}, fields: {} };
  }
}

/** Id and secret are encoded as in a form before they are joined (RFC 6749, section 2.3.1), unless the provider expects them as they are. */
function basicHeader({ id, secret }: Client, isRaw: boolean): string {
  const encode = (text: string): string => (isRaw ? text : new URLSearchParams([['', text]]).toString().slice(1));
  return `Basic ${Buffer.from(`${encode(id)}:${encode(secret)}`).toString('base64')}`;
}

async function clientAssertion({ id, secret }: Client, audience: string): Promise<Record<string, string>> {
  const fields = new URLSearchParams();
  const authenticate = PrivateKeyJwt((await signingKey(secret)) as PrivateKey); // the same class under two names
  await authenticate({ issuer: audience }, { client_id: id }, fields, new Headers());
  return Object.fromEntries(fields);
}

type Jwk = webcrypto.JsonWebKey & { kid?: string };

/** A private key as `oauth4webapi` takes it: RS256, ES256 to ES512 or Ed25519 by the kind of key, PS256 where a JWK says so. */
async function signingKey(secret: string): Promise<{ key: webcrypto.CryptoKey; kid?: string }> {
  try {
    const text = secret.trim();
    const jwk = text.startsWith('{') ? (JSON.parse(text) as Jwk) : undefined; // checked by the import
    const key = jwk ? createPrivateKey({ key: jwk, format: 'jwk' }) : createPrivateKey(text.replaceAll(String.raw`\n`, '\n'));
    return { key: key.toCryptoKey(algorithmOf(key, jwk?.alg), false, ['sign']), ...(jwk?.kid ? { kid: jwk.kid } : {}) };
  } catch (cause) {
    throw new AppError('token_request_failed', { message: "The client secret must be the client's private key as PEM (PKCS #8) or JWK", cause });
  }
}

const curves: Record<string, string> = { prime256v1: 'P-256', secp384r1: 'P-384', secp521r1: 'P-521' };

type Algorithm = Parameters<KeyObject['toCryptoKey']>[0];

function algorithmOf({ asymmetricKeyType: type, asymmetricKeyDetails: details }: KeyObject, named: string | undefined): Algorithm {
  if (type === 'rsa') return { name: named === 'PS256' ? 'RSA-PSS' : 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
  if (type === 'ec') return { name: 'ECDSA', namedCurve: curves[details?.namedCurve ?? ''] ?? '' };
  return { name: 'Ed25519' };
}
