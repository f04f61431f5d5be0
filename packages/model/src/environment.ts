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
export const EnvironmentSettingsPatch = z.object({ callback_url: OptionalUrl.optional() });
export type EnvironmentSettingsPatch = z.infer<typeof EnvironmentSettingsPatch>;

/** Body of `PATCH /environment/webhooks`: what is absent stays. */
export const WebhookSettingsPatch = WebhookSettings.partial().extend({ primary_url: OptionalUrl.optional(), secondary_url: OptionalUrl.optional() });
export type WebhookSettingsPatch = z.infer<typeof WebhookSettingsPatch>;

/** The variables of an environment as they are written: names as a shell takes them, each once. */
export const NewEnvironmentVariables = z
  .array(
    z.object({
      name: z
        .string()
        .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'may hold letters, digits and _')
        .max(256),
      value: z.string().max(10_000),
    }),
  )
  .max(500)
  .refine((variables) => new Set(variables.map(({ name }) => name)).size === variables.length, 'a name stands twice');
export type NewEnvironmentVariables = z.infer<typeof NewEnvironmentVariables>;
