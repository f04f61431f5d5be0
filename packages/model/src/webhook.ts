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

/** Body of the webhook about a connection's credential (surface 6.1). */
export const AuthWebhook = z.object({
  from: z.literal('nango'),
  type: z.literal('auth'),
  connectionId: z.string(),
  authMode: z.string(),
  providerConfigKey: z.string(),
  provider: z.string(),
  environment: z.string(),
  operation: z.enum(['creation', 'override', 'refresh']),
  success: z.boolean(),
  error: z.object({ type: z.string(), description: z.string() }).optional(),
  endUser: z.record(z.string(), z.unknown()).optional(),
  tags: z.record(z.string(), z.string()).optional(),
});
export type AuthWebhook = z.infer<typeof AuthWebhook>;

/** Body of the webhook after an asynchronous action: where its result is (surface 6.1). */
export const AsyncActionWebhook = z.object({
  type: z.literal('async_action'),
  from: z.literal('nango'),
  connectionId: z.string(),
  providerConfigKey: z.string(),
  payload: z.object({ id: z.uuid(), statusUrl: z.string() }),
});
export type AsyncActionWebhook = z.infer<typeof AsyncActionWebhook>;

/** An environment's outgoing webhooks: where they go, and which beside "sync with changes" are sent. */
export const WebhookSettings = z.strictObject({
  primary_url: z.string().nullable(),
  secondary_url: z.string().nullable(),
  on_sync_completion_always: z.boolean(),
  on_sync_error: z.boolean(),
  on_auth_creation: z.boolean(),
  on_auth_refresh_error: z.boolean(),
  on_async_action_completion: z.boolean(),
});
export type WebhookSettings = z.infer<typeof WebhookSettings>;
