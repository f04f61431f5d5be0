import { matchOf, textAt, typesOf } from './event-match.js';
import { requireHmac, requireRecent } from './signature.js';
import { headerOf, type WebhookRouting } from './webhook-request.js';

const toleranceMs = 60_000;

/** https://linear.app/developers/webhooks: hex HMAC of the body, which holds the time of sending. */
export const linear: WebhookRouting = (request) => {
  const { body, rawBody, secret, now } = request;
  requireHmac({ secret, signed: rawBody, given: headerOf(request, 'linear-signature'), encoding: 'hex' });
  requireRecent(Number(textAt(body, 'webhookTimestamp') ?? Number.NaN), now, toleranceMs);
  const deliveries = [{ types: typesOf(textAt(body, 'type')), match: matchOf(textAt(body, 'organizationId'), 'organizationId') }];
  return { kind: 'events', eventId: headerOf(request, 'linear-delivery'), deliveries };
};
