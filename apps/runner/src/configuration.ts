import { port, serviceEnvironment } from 'service';
import { z } from 'zod';

/** What the runner reads from its environment: neither a database nor a key to one. */
export const Configuration = serviceEnvironment.extend({
  RUNNER_PORT: port.default(3005),
  /** Scripts at once. */
  RUNNER_SLOTS: z.coerce.number().int().min(1).max(1_000).default(8),
  /** Of these one environment may take so many; by default three quarters. */
  RUNNER_ENVIRONMENT_SLOTS: z.coerce.number().int().min(1).max(1_000).optional(),
  /** Of those so many for scripts that no caller waits for; by default half of all. */
  RUNNER_ENVIRONMENT_BACKGROUND_SLOTS: z.coerce.number().int().min(1).max(1_000).optional(),
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

/** How much of a runner one environment may take. */
export function environmentSlots(configuration: Configuration): { perEnvironment: number; backgroundPerEnvironment: number } {
  const { RUNNER_SLOTS: slots, RUNNER_ENVIRONMENT_SLOTS, RUNNER_ENVIRONMENT_BACKGROUND_SLOTS } = configuration;
  const perEnvironment = RUNNER_ENVIRONMENT_SLOTS ?? Math.max(1, Math.floor((slots * 3) / 4));
  const backgroundPerEnvironment = RUNNER_ENVIRONMENT_BACKGROUND_SLOTS ?? Math.max(1, Math.floor(slots / 2));
  return { perEnvironment, backgroundPerEnvironment: Math.min(perEnvironment, backgroundPerEnvironment) };
}
