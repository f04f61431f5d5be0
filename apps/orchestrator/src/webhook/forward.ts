import type { InboxWebhook, SealedDelivery, WebhookDelivery } from 'model';
import type { ConcernedConnection, WebhookPlace } from './concerned.repository.js';

/** The webhooks to the product that one event amounts to: an envelope for each connection, or what came as it came where none matches (surface 6.1). */
export function forwardsOf(place: WebhookPlace, webhook: InboxWebhook, delivery: WebhookDelivery, connections: ConcernedConnection[]): SealedDelivery[] {
  if (place.forwardUrls.length === 0) return [];
  const { headers } = webhook;
  if (connections.length === 0) return [{ body: webhook.raw, headers: { ...headers, 'content-type': webhook.contentType } }];
  const { provider: from, providerConfigKey } = place;
  const payload = payloadOf(webhook, delivery);
  return connections.map(({ name: connectionId }) => ({
    body: JSON.stringify({ from, providerConfigKey, type: 'forward', payload, connectionId }),
    headers,
  }));
}

/** An event's part of a webhook's body. */
export const payloadOf = ({ body }: InboxWebhook, { payload }: WebhookDelivery): unknown => payload ?? body;
