import { z } from 'zod';
import { Credentials } from './credentials.js';

/** Free-form values a team keeps with a connection. */
export const Metadata = z.record(z.string(), z.unknown());
export type Metadata = z.infer<typeof Metadata>;

/** The product's own user behind a connection. */
export const EndUser = z.object({
  id: z.string(),
  display_name: z.string().nullish(),
  email: z.string().nullish(),
  tags: z.record(z.string(), z.string()).nullish(),
  organization: z.object({ id: z.string(), display_name: z.string().nullish() }).nullish(),
});
export type EndUser = z.infer<typeof EndUser>;

/** A standing problem of a connection: its credential (`auth`) or one of its syncs (`sync`). */
export const ConnectionProblem = z.object({ type: z.enum(['auth', 'sync']), log_id: z.string() });
export type ConnectionProblem = z.infer<typeof ConnectionProblem>;

/** One customer's authorisation, as `GET /connection/{id}` answers it (surface 4.2). */
export const Connection = z.object({
  id: z.int(),
  connection_id: z.string(),
  provider_config_key: z.string(),
  provider: z.string(),
  errors: z.array(ConnectionProblem),
  end_user: EndUser.nullable(),
  tags: z.record(z.string(), z.string()).default({}),
  metadata: Metadata,
  connection_config: z.record(z.string(), z.unknown()),
  created_at: z.coerce.date(),
  updated_at: z.coerce.date(),
  last_fetched_at: z.coerce.date().nullable(),
});
export type Connection = z.infer<typeof Connection>;

/** A connection with its fresh credential. */
export const ConnectionWithCredentials = Connection.extend({ credentials: Credentials });
export type ConnectionWithCredentials = z.infer<typeof ConnectionWithCredentials>;

/** One row of `GET /connection`. */
export const ConnectionSummary = Connection.pick({
  id: true,
  connection_id: true,
  provider: true,
  provider_config_key: true,
  metadata: true,
  errors: true,
  end_user: true,
  tags: true,
}).extend({
  created: z.string(),
});
export type ConnectionSummary = z.infer<typeof ConnectionSummary>;
