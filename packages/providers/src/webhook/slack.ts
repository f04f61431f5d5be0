import { matchOf, textAt, typesOf } from './event-match.js';
import { requireHmac, requireRecent } from './signature.js';
import { headerOf, type WebhookRouting } from './webhook-request.js';

const toleranceMs = 5 * 60_000;

/** https://docs.slack.dev/authentication/verifying-requests-from-slack: `v0=` and hex HMAC of `v0:<time>:<body>`; asks once whether the address is ours. */
export const slack: WebhookRouting = (request) => {
  const { body, rawBody, secret, now } = request;
  const timestamp = headerOf(request, 'x-slack-request-timestamp') ?? '';
  const given = headerOf(request, 'x-slack-signature')?.replace(/^v0=/, '') ?? null;
  requireHmac({ secret, signed: Buffer.concat([Buffer.from(`v0:${timestamp}:`), rawBody]), given, encoding: 'hex' });
  requireRecent(timestamp ? Number(timestamp) * 1_000 : Number.NaN, now, toleranceMs);
  if (textAt(body, 'type') === 'url_verification') return { kind: 'challenge', contentType: 'text/plain', content: textAt(body, 'challenge') ?? '' };
  const types = typesOf(textAt(body, 'type'), textAt(body, 'event.type'));
  return { kind: 'events', eventId: textAt(body, 'event_id'), deliveries: [{ types, match: matchOf(textAt(body, 'team_id'), 'team.id') }] };
};
