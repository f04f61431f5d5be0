import type { WebhookDelivery } from 'model';

/** A webhook as it arrived. `body` is what `rawBody` says, parsed by its content type; `secret` what the integration's webhooks are signed with. */
export type WebhookRequest = {
  headers: Record<string, string | string[] | undefined>;
  rawBody: Uint8Array;
  body: unknown;
  secret: string | null;
  now: Date;
};

/**
 * What a webhook amounts to: a question of the provider's to answer at once, or events. `eventId` is the provider's own id, the same on each
 * repeat; `installed` is the id of an app installation that was just made.
 */
export type RoutedWebhook =
  | { kind: 'challenge'; contentType: string; content: string }
  | { kind: 'events'; deliveries: WebhookDelivery[]; eventId: string | null; installed?: string };

/**
 * Verifies one provider's webhooks and says whom they concern.
 * @throws AppError `webhook_missing_signature`, `webhook_invalid_signature`
 */
export type WebhookRouting = (request: WebhookRequest) => RoutedWebhook;

/** The first value of a header; null where it is missing or empty. */
export function headerOf({ headers }: Pick<WebhookRequest, 'headers'>, name: string): string | null {
  return [headers[name]].flat()[0] || null;
}
