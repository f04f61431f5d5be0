import { z } from 'zod';
import { ScriptSettings } from '../internal/execution-limits.js';
import { JailReport } from '../internal/jail-report.js';
import { WebhookSettings } from '../webhook.js';

/** Body of `PUT /api/v1/environment/variables`: all of them; what is missing is removed. */
export const DashboardVariables = z.strictObject({
  variables: z
    .array(z.object({ name: z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/), value: z.string() }))
    .max(100)
    .refine((all) => new Set(all.map(({ name }) => name)).size === all.length, 'a name stands twice'),
});
export type DashboardVariables = z.infer<typeof DashboardVariables>;

/** Body of `PATCH /api/v1/environment/scripts`: what is absent stays; `limits` are given whole. */
export const DashboardScriptsPatch = ScriptSettings.partial();
export type DashboardScriptsPatch = z.infer<typeof DashboardScriptsPatch>;

/** Which walls the runners seen of late put around scripts, weakest first. */
export const DashboardJail = JailReport.omit({ runner: true });
export type DashboardJail = z.infer<typeof DashboardJail>;

/** Answer of `GET /api/v1/environment`; `PATCH /api/v1/environment/webhooks` takes parts of `webhooks`. */
export const DashboardEnvironment = z.object({
  name: z.string(),
  uuid: z.uuid(),
  secretKey: z.string(),
  publicKey: z.string(),
  callbackUrl: z.string(),
  webhooks: WebhookSettings,
  scripts: ScriptSettings,
  jails: z.array(DashboardJail),
  variables: DashboardVariables.shape.variables,
});
export type DashboardEnvironment = z.infer<typeof DashboardEnvironment>;
