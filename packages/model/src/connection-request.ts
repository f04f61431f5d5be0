import { z } from 'zod';
import { EndUser, Metadata } from './connection.js';
import { ConnectionId, ProviderConfigKey } from './names.js';

const flag = z.union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')]);

/** Up to ten labels of a connection; keys are kept in lower case. */
export const Tags = z
  .record(
    z
      .string()
      .max(64)
      .regex(/^[a-zA-Z][\w\-./]*$/, 'starts with a letter and may hold letters, digits and _ - . /'),
    z.string().min(1).max(255),
  )
  .refine((tags) => Object.keys(tags).length <= 10, 'a connection has at most ten tags')
  .transform((tags) => Object.fromEntries(Object.entries(tags).map(([key, value]) => [key.toLowerCase(), value])))
  .refine(({ end_user_email }) => end_user_email === undefined || z.email().safeParse(end_user_email).success, {
    message: 'must be an e-mail address',
    path: ['end_user_email'],
  });
export type Tags = z.infer<typeof Tags>;

/** A credential as an import gives it, with the fields of its auth mode. What that needs is checked with an error code of its own per field. */
export const GivenCredentials = z.looseObject({
  access_token: z.string().optional(),
  refresh_token: z.string().optional(),
  expires_at: z.union([z.iso.datetime({ offset: true, local: true }), z.iso.date()]).nullish(),
  /** Seconds from now. */
  expires_in: z.coerce.number().positive().max(3_155_760_000).nullish(),
  no_expiration: flag.optional(),
  username: z.string().optional(),
  password: z.string().optional(),
  api_key: z.string().optional(),
  apiKey: z.string().optional(),
  /** OAuth 1.0. */
  oauth_token: z.string().optional(),
  oauth_token_secret: z.string().optional(),
  /** Client credentials. */
  client_id: z.string().optional(),
  client_secret: z.string().optional(),
  oauth_client_id_override: z.string().optional(),
  oauth_client_secret_override: z.string().optional(),
  raw: z.record(z.string(), z.unknown()).optional(),
});
export type GivenCredentials = z.infer<typeof GivenCredentials>;

const connection_config = z.record(z.string(), z.unknown());

/** Body of `POST /connection`: the credential's fields lie among the connection's (surface 4.2). Null means absent: many are imported from rows of a table. */
export const ConnectionImport = z.preprocess(
  withoutNulls,
  GivenCredentials.omit({ raw: true }).extend({
    provider_config_key: ProviderConfigKey.optional(),
    connection_id: ConnectionId.optional(),
    metadata: Metadata.optional(),
    connection_config: connection_config.optional(),
  }),
);
export type ConnectionImport = z.infer<typeof ConnectionImport>;

/** Body of `POST /connections`: the credential is an object of its own. */
export const NewConnection = z.strictObject({
  provider_config_key: ProviderConfigKey,
  connection_id: ConnectionId.optional(),
  credentials: GivenCredentials.extend({
    type: z.string(),
    config_override: z.object({ client_id: z.string().optional(), client_secret: z.string().optional() }).optional(),
  }),
  metadata: Metadata.optional(),
  connection_config: connection_config.optional(),
  tags: Tags.optional(),
  end_user: EndUser.optional(),
});
export type NewConnection = z.infer<typeof NewConnection>;

/** Body of `PATCH /connections/{id}`: what is absent stays. */
export const ConnectionPatch = z.strictObject({ tags: Tags.optional(), end_user: EndUser.nullish() });
export type ConnectionPatch = z.infer<typeof ConnectionPatch>;

/** Body of `POST` (replace) and `PATCH` (merge) of `/connection/metadata`; several connections change together or not at all. */
export const MetadataChange = z.object({
  connection_id: z.union([ConnectionId, z.array(ConnectionId).min(1).max(10_000)]),
  provider_config_key: ProviderConfigKey,
  metadata: Metadata,
});
export type MetadataChange = z.infer<typeof MetadataChange>;

/** Query of `GET /connection`. `tags[key]=value` are read apart from it. Pages count from 0. */
export const ConnectionListQuery = z.object({
  connectionId: z.string().optional(),
  search: z.string().max(255).optional(),
  endUserId: z.string().optional(),
  endUserOrganizationId: z.string().optional(),
  /** An integration's key, or several separated by commas. */
  integrationId: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(2_000).optional(),
  page: z.coerce.number().int().min(0).max(1_000_000).default(0),
});
export type ConnectionListQuery = z.infer<typeof ConnectionListQuery>;

function withoutNulls(body: unknown): unknown {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return body;
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null));
}
