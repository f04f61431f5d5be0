import type { TbaCredentials } from 'model';
import { oauth1Header, type OAuth1Request } from './oauth1.js';

/** A request as token based authentication signs it, and the integration's client, which the connection's own stands in for. */
export type TbaRequest = Pick<OAuth1Request, 'method' | 'url' | 'form' | 'nonce' | 'timestamp'> & { client: OAuth1Request['client']; accountId: string };

/** The `Authorization` header of NetSuite's token based authentication: OAuth 1.0 with HMAC-SHA256, the account as its realm. */
export function tbaHeader(request: TbaRequest, { token_id: value, token_secret: secret, config_override: own }: TbaCredentials): string {
  const { accountId, client, ...rest } = request;
  return oauth1Header({
    ...rest,
    client: { id: own.client_id ?? client.id, secret: own.client_secret ?? client.secret },
    token: { value, secret },
    signatureMethod: 'HMAC-SHA256',
    realm: realmOf(accountId),
  });
}

/** `1234567-sb1` in an address is `1234567_SB1` as a realm. */
function realmOf(accountId: string): string {
  return accountId.toUpperCase().replace('-', '_');
}
