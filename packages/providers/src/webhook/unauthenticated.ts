import { matchOf, textAt, typesOf } from './event-match.js';
import type { WebhookRouting } from './webhook-request.js';

/** Whoever knows the address may send: `{ type, connectionId }` in the body. */
export const unauthenticated: WebhookRouting = ({ body }) => ({
  kind: 'events',
  eventId: null,
  deliveries: [{ types: typesOf(textAt(body, 'type')), match: matchOf(textAt(body, 'connectionId'), 'connectionId') }],
});
