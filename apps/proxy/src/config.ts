import { defaultJournalBytes } from 'journal/postgres';
import { port, serviceEnvironment } from 'service';
import { z } from 'zod';

/** The proxy's environment variables. `NANGO_EGRESS_ALLOW` opens hosts inside, `NANGO_EGRESS_DENY` closes own public ones. */
export const ProxyConfig = serviceEnvironment.extend({
  NANGO_DATABASE_URL: z.string(),
  NANGO_ENCRYPTION_KEY: z.string(),
  /** Compressed bytes that the journal of one execution may have. */
  NANGO_JOURNAL_BYTES: z.coerce.number().int().min(0).default(defaultJournalBytes),
  PROXY_PORT: port.default(3004),
  /** `off` lets every call through at once, whatever its API says. */
  NANGO_RATE_GOVERNOR: z.enum(['on', 'off']).default('on'),
  NANGO_EGRESS_ALLOW: z.string().default(''),
  NANGO_EGRESS_DENY: z.string().default(''),
});
export type ProxyConfig = z.infer<typeof ProxyConfig>;
