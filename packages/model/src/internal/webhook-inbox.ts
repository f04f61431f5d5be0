import { z } from 'zod';

/** Which connections of the integration a webhook concerns (surface 6.2). */
export const ConnectionMatch = z.discriminatedUnion('by', [
  z.object({ by: z.literal('all') }),
  z.object({ by: z.literal('none') }),
  z.object({ by: z.literal('connectionId'), value: z.string() }),
  /** A value within the metadata, at a path of keys. */
  z.object({ by: z.literal('metadata'), path: z.array(z.string()).min(1), value: z.string() }),
  /** A value of the connection's config, whose name may hold dots. */
  z.object({ by: z.literal('config'), name: z.string(), value: z.string() }),
]);
export type ConnectionMatch = z.infer<typeof ConnectionMatch>;

/** One event of a webhook: its names as subscriptions may call it, whom it concerns, and its part of the body where it is not all of it. */
export const WebhookDelivery = z.object({ types: z.array(z.string()), match: ConnectionMatch, payload: z.unknown().optional() });
export type WebhookDelivery = z.infer<typeof WebhookDelivery>;

/** A verified webhook as the inbox keeps it. `raw` and `headers` are what is forwarded where no connection matches. */
export const InboxWebhook = z.object({
  deliveries: z.array(WebhookDelivery),
  body: z.unknown(),
  raw: z.string(),
  contentType: z.string(),
  headers: z.record(z.string(), z.string()),
});
export type InboxWebhook = z.infer<typeof InboxWebhook>;

/** What a sealed event of the outbox holds. */
export const SealedDelivery = z.object({ body: z.string(), headers: z.record(z.string(), z.string()) });
export type SealedDelivery = z.infer<typeof SealedDelivery>;
