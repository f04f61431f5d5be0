import { z } from 'zod';
import { WebhookSettings } from './webhook.js';

/** An http(s) URL; an empty one counts as none. */
const OptionalUrl = z.preprocess(
  (value) => (value === '' ? null : value),
  z
    .url({ protocol: /^https?$/ })
    .max(2_000)
    .nullable(),
);

/** What an environment is and where its OAuth callbacks go. */
export const EnvironmentSettings = z.object({ uuid: z.uuid(), name: z.string(), public_key: z.uuid(), callback_url: z.string().nullable() });
export type EnvironmentSettings = z.infer<typeof EnvironmentSettings>;

/** Body of `PATCH /environment`. */
export const EnvironmentSettingsPatch = z.strictObject({ callback_url: OptionalUrl.optional() });
export type EnvironmentSettingsPatch = z.infer<typeof EnvironmentSettingsPatch>;

/** Body of `PATCH /environment/webhooks`: what is absent stays. */
export const WebhookSettingsPatch = WebhookSettings.partial().extend({ primary_url: OptionalUrl.optional(), secondary_url: OptionalUrl.optional() });
export type WebhookSettingsPatch = z.infer<typeof WebhookSettingsPatch>;

/** Answer of `GET /environment/records`: how an environment treats its records. */
export const RecordSettings = z.strictObject({
  /** A run that would delete more than this percentage of at least 20 records waits for a decision. */
  deletion_hold_percent: z.int().min(0).max(100),
  /**
   * Fields whose change alone changes no record, as a view counter's: integration -> model -> paths into objects (`stats.views`).
   * Another list makes every record that has such a field count as updated once.
   */
  volatile_fields: z.record(z.string(), z.record(z.string(), z.array(z.string().min(1).max(255)).max(50))),
});
export type RecordSettings = z.infer<typeof RecordSettings>;

/** Body of `PATCH /environment/records`: what is absent stays. */
export const RecordSettingsPatch = RecordSettings.partial();
export type RecordSettingsPatch = z.infer<typeof RecordSettingsPatch>;
