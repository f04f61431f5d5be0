import { z } from 'zod';
import { CheckpointRange } from './checkpoint.js';
import { RecordCounts } from './record.js';

/** How a run is called in webhooks and statuses: INITIAL until a run has succeeded. */
export const RunKind = z.enum(['INITIAL', 'INCREMENTAL', 'WEBHOOK']);
export type RunKind = z.infer<typeof RunKind>;

/** Body of the webhook after a sync, one per model (surface 6.1). */
export const SyncWebhook = z.object({
  from: z.literal('nango'),
  type: z.literal('sync'),
  connectionId: z.string(),
  providerConfigKey: z.string(),
  syncName: z.string(),
  syncVariant: z.string(),
  model: z.string(),
  syncType: RunKind,
  checkpoints: CheckpointRange.optional(),
  success: z.boolean(),
  responseResults: RecordCounts.optional(),
  modifiedAfter: z.string().optional(),
  queryTimeStamp: z.string().nullish(),
  error: z.object({ type: z.string(), description: z.string() }).optional(),
  startedAt: z.string().optional(),
  failedAt: z.string().optional(),
});
export type SyncWebhook = z.infer<typeof SyncWebhook>;

/** An environment's outgoing webhooks: where they go, and which beside "sync with changes" are sent. */
export const WebhookSettings = z.object({
  primary_url: z.string().nullable(),
  secondary_url: z.string().nullable(),
  on_sync_completion_always: z.boolean(),
  on_sync_error: z.boolean(),
  on_auth_creation: z.boolean(),
  on_auth_refresh_error: z.boolean(),
});
export type WebhookSettings = z.infer<typeof WebhookSettings>;
