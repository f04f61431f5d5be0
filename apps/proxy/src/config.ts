import { defaultJournalBytes } from 'journal/postgres';
import { encryptionEnvironment, port, serviceEnvironment } from 'service';
import { z } from 'zod';

/** The proxy's environment variables. */
export const ProxyConfig = serviceEnvironment.extend({
  NANGO_DATABASE_URL: z.string(),
  ...encryptionEnvironment,
  /** Compressed bytes that the journal of one execution may have. */
  NANGO_JOURNAL_BYTES: z.coerce.number().int().min(0).default(defaultJournalBytes),
  PROXY_PORT: port.default(3004),
  /** `off` lets every call through at once, whatever its API says. */
  NANGO_RATE_GOVERNOR: z.enum(['on', 'off']).default('on'),
  /** Hosts and networks inside that may be called: for every environment, which may only narrow it. */
  NANGO_EGRESS_ALLOW: z.string().default(''),
  /** Hosts and networks outside that may not: own public addresses. The host of `NANGO_SERVER_URL` is one by itself. */
  NANGO_EGRESS_DENY: z.string().default(''),
  NANGO_SERVER_URL: z.string().optional(),
  /** Name servers to ask instead of the system's resolver. */
  NANGO_EGRESS_DNS: z.string().default(''),
  NANGO_PROXY_BASE_URL_OVERRIDE_ENABLED: z.stringbool().default(true),
  /** Hosts that no override may lead to. */
  NANGO_PROXY_BASE_URL_OVERRIDE_DENYLIST: z.string().default(''),
});
export type ProxyConfig = z.infer<typeof ProxyConfig>;
