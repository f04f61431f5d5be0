import { z } from 'zod';
import { CallLogSettings } from '../call-log.js';
import { ConnectSettings } from '../connect-settings.js';
import { EgressSettings } from '../egress-settings.js';
import { RecordSettings } from '../environment.js';
import { JailSettings } from '../internal/execution-limits.js';
import { JailReport } from '../internal/jail-report.js';
import { ScriptSettings } from '../script-settings.js';
import { WebhookSettings } from '../webhook.js';

/** Body of `PUT /api/v1/environment/variables`: all of them; what is missing is removed. */
export const DashboardVariables = z.strictObject({
  variables: z
    .array(z.object({ name: z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/), value: z.string() }))
    .max(100)
    .refine((all) => new Set(all.map(({ name }) => name)).size === all.length, 'a name stands twice'),
});
export type DashboardVariables = z.infer<typeof DashboardVariables>;

/** Which wall runners that were seen of late put around scripts. */
export const DashboardRunner = JailReport.omit({ runner: true });
export type DashboardRunner = z.infer<typeof DashboardRunner>;

/**
 * Answer of `GET /api/v1/environment`; `PATCH /api/v1/environment/webhooks`, `.../records`, `.../scripts`, `.../calls`, `.../jails`, `.../egress` and `.../connect` take
 * parts of these. `runners` come weakest first.
 */
export const DashboardEnvironment = z.object({
  name: z.string(),
  uuid: z.uuid(),
  secretKey: z.string(),
  publicKey: z.string(),
  /** Where providers send browsers back to; the setting, where there is one, may hold `{integrationKey}`. */
  callbackUrl: z.string(),
  defaultCallbackUrl: z.string(),
  webhooks: WebhookSettings,
  records: RecordSettings,
  scripts: ScriptSettings,
  calls: CallLogSettings,
  jails: JailSettings,
  egress: EgressSettings,
  connect: ConnectSettings,
  runners: z.array(DashboardRunner),
  variables: DashboardVariables.shape.variables,
});
export type DashboardEnvironment = z.infer<typeof DashboardEnvironment>;
