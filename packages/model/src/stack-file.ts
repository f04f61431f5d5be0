import { z } from 'zod';

const Keys = z.object({ secretKey: z.uuid(), publicKey: z.uuid() });

/** `.local/stack.json`: how to reach a stack that `start` runs. Holds secrets; mode 0600. */
export const StackFile = z.object({
  serverUrl: z.string(),
  dashboardUrl: z.string(),
  /** Where end users connect. */
  connectUrl: z.string().optional(),
  proxyUrl: z.string(),
  /** The demo tracker. */
  simulatorUrl: z.string().optional(),
  temporalAddress: z.string(),
  databaseUrl: z.string(),
  environments: z.object({ dev: Keys, prod: Keys }),
  dashboard: z.object({ email: z.string(), password: z.string() }),
  demo: z.object({ providerConfigKey: z.string(), connectionId: z.string(), model: z.string(), sync: z.string(), action: z.string() }).optional(),
  pids: z.object({ postgres: z.int(), temporal: z.int(), orchestrator: z.int(), proxy: z.int(), runner: z.int(), server: z.int() }),
  /** Where Postgres keeps its data, when that is not beside this file. */
  postgresData: z.string().optional(),
  /** The supervising process itself; `stop` signals it. */
  supervisorPid: z.int(),
});
export type StackFile = z.infer<typeof StackFile>;
