import { defaultJournalBytes } from 'journal/postgres';
import { encryptionEnvironment, port, serviceEnvironment } from 'service';
import { z } from 'zod';

/** What the orchestrator reads from its environment. */
export const Configuration = serviceEnvironment.extend({
  ORCHESTRATOR_PORT: port.default(3008),
  /** Both modules in one process, or one of them. */
  ORCHESTRATOR_ROLE: z.enum(['all', 'worker', 'execution']).default('all'),
  NANGO_DATABASE_URL: z.string().min(1),
  ...encryptionEnvironment,
  TEMPORAL_ADDRESS: z.string().default('localhost:7233'),
  TEMPORAL_NAMESPACE: z.string().default('default'),
  NANGO_QUEUE_PREFIX: z.string().min(1).default('nango'),
  /** Days until a record that nothing updates loses its payload, and until records whose sync has not run go; 0 never. */
  RECORDS_PRUNE_AFTER_DAYS: z.coerce.number().int().min(0).default(30),
  RECORDS_DELETE_AFTER_DAYS: z.coerce.number().int().min(0).default(60),
  /** Compressed bytes that the journal of one execution may have. */
  NANGO_JOURNAL_BYTES: z.coerce.number().int().min(0).default(defaultJournalBytes),
  PROXY_URL: z.url().default('http://127.0.0.1:3004'),
  /** Where the server is reached from outside; scripts are told addresses below it. */
  NANGO_SERVER_URL: z
    .url()
    .default('http://localhost:3003')
    .transform((url) => url.replace(/\/+$/, '')),
});
export type Configuration = z.infer<typeof Configuration>;

/** Injection token of {@link Configuration}. */
export const CONFIGURATION = Symbol('Configuration');
