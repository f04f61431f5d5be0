import { matchOf, textAt, typesOf } from './event-match.js';
import { invalidSignature, requireHmac, requireRecent } from './signature.js';
import { headerOf, type WebhookRequest, type WebhookRouting } from './webhook-request.js';

const toleranceMs = 5 * 60_000;

/**
 * A team's own API, signing as Standard Webhooks says (https://www.standardwebhooks.com): `{ type, connectionId }` in the body,
 * `webhook-id`, `webhook-timestamp` and `webhook-signature` in the headers. The secret may have the form `whsec_<base64>`.
 */
export const generic: WebhookRouting = (request) => {
  const eventId = requireSigned(request);
  const { body } = request;
  return { kind: 'events', eventId, deliveries: [{ types: typesOf(textAt(body, 'type')), match: matchOf(textAt(body, 'connectionId'), 'connectionId') }] };
};

function requireSigned(request: WebhookRequest): string {
  const [id, timestamp] = [headerOf(request, 'webhook-id') ?? '', headerOf(request, 'webhook-timestamp') ?? ''];
  const secret = keyOf(request.secret);
  const signed = Buffer.concat([Buffer.from(`${id}.${timestamp}.`), request.rawBody]);
  // Several while a secret is changed: one that fits is enough.
  const signatures = (headerOf(request, 'webhook-signature') ?? '').split(' ').filter((signature) => signature.startsWith('v1,'));
  const checks = (signatures.length > 0 ? signatures : [null]).map((signature) => () => {
    requireHmac({ secret, signed, given: signature?.slice('v1,'.length) ?? null, encoding: 'base64' });
  });
  requireOne(checks);
  if (!id) throw invalidSignature();
  requireRecent(timestamp ? Number(timestamp) * 1_000 : Number.NaN, request.now, toleranceMs);
  return id;
}

function requireOne(checks: (() => void)[]): void {
  let refusal: unknown;
  for (const check of checks) {
    try {
      return check();
    } catch (error) {
      refusal = error;
    }
  }
  throw refusal;
}

function keyOf(secret: string | null): string | Uint8Array | null {
  return secret?.startsWith('whsec_') ? Buffer.from(secret.slice('whsec_'.length), 'base64') : secret;
}
