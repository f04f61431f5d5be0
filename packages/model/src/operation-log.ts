import { z } from 'zod';

/** Levels of `nango.log` and of the operation log. */
export const LogLevel = z.enum(['debug', 'info', 'warn', 'error']);
export type LogLevel = z.infer<typeof LogLevel>;

/** One line that a script or the platform wrote while an operation ran. */
export const LogMessage = z.object({ at: z.iso.datetime(), level: LogLevel, message: z.string(), meta: z.record(z.string(), z.unknown()).nullish() });
export type LogMessage = z.infer<typeof LogMessage>;

/** What an operation is about. */
export const OperationKind = z.enum(['sync', 'action', 'webhook', 'event', 'proxy', 'auth', 'deploy', 'delivery']);
export type OperationKind = z.infer<typeof OperationKind>;

/** One thing the platform did for a team, as the dashboard's logs list it. */
export const Operation = z.object({
  id: z.uuid(),
  kind: OperationKind,
  title: z.string(),
  status: z.enum(['running', 'success', 'failed', 'cancelled']),
  integration: z.string().nullable(),
  connectionId: z.string().nullable(),
  script: z.string().nullable(),
  executionId: z.uuid().nullable(),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime().nullable(),
});
export type Operation = z.infer<typeof Operation>;
