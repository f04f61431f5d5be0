import { createHash, createHmac } from 'node:crypto';

/** A webhook to be signed. `timestamp` in seconds since the epoch. */
export type SignedContent = { id: string; timestamp: number; body: string };

/**
 * Headers that prove to the receiver who sent it: the compatible ones of surface 6.1, and those of Standard Webhooks
 * (https://www.standardwebhooks.com), for which a receiver's library is given `whsec_` + base64 of the secret.
 */
export function signatureHeaders(secret: string, { id, timestamp, body }: SignedContent): Record<string, string> {
  return {
    'x-nango-signature': createHash('sha256').update(secret).update(body).digest('hex'),
    'x-nango-hmac-sha256': createHmac('sha256', secret).update(body).digest('hex'),
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': standardSignature(secret, { id, timestamp, body }),
  };
}

/** The `webhook-signature` of Standard Webhooks. A secret of the form `whsec_<base64>` stands for the bytes it encodes, any other for its own. */
export function standardSignature(secret: string, { id, timestamp, body }: SignedContent): string {
  const key = secret.startsWith('whsec_') ? Buffer.from(secret.slice('whsec_'.length), 'base64') : Buffer.from(secret);
  return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
}
