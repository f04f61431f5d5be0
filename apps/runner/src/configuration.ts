import { port, serviceEnvironment } from 'service';
import { z } from 'zod';

/** What the runner reads from its environment: neither a database nor a key to one. */
export const Configuration = serviceEnvironment.extend({
  RUNNER_PORT: port.default(3005),
  /** Scripts at once. */
  RUNNER_SLOTS: z.coerce.number().int().min(1).max(1_000).default(8),
  /** Unused jails that wait. */
  RUNNER_WAITING_JAILS: z.coerce.number().int().min(0).max(100).default(2),
  /** Which wall scripts run behind; `auto` takes the strongest that the system lets be built. */
  RUNNER_JAIL: z.enum(['auto', 'kernel', 'process']).default('auto'),
  /** Scripts of teams that do not trust each other: nothing below the kernel's wall will do. */
  NANGO_MULTI_TENANT: z.stringbool().default(false),
  TEMPORAL_ADDRESS: z.string().default('localhost:7233'),
  TEMPORAL_NAMESPACE: z.string().default('default'),
  NANGO_QUEUE_PREFIX: z.string().min(1).default('nango'),
  ORCHESTRATOR_URL: z.url().default('http://127.0.0.1:3008'),
  PROXY_URL: z.url().default('http://127.0.0.1:3004'),
});
export type Configuration = z.infer<typeof Configuration>;

/** Injection token of {@link Configuration}. */
export const CONFIGURATION = Symbol('Configuration');
