import { z } from 'zod';

/** Answer of `GET /environment/calls`: how an environment logs its calls to external APIs. */
export const CallLogSettings = z.strictObject({
  /** Of the calls that went well, so many percent are kept, and no more than a reader can take in; those that failed always are. */
  log_percent: z.int().min(0).max(100),
});
export type CallLogSettings = z.infer<typeof CallLogSettings>;

/** Body of `PATCH /environment/calls`: what is absent stays. */
export const CallLogSettingsPatch = CallLogSettings.partial();
export type CallLogSettingsPatch = z.infer<typeof CallLogSettingsPatch>;
