import { z } from 'zod';
import { Tags } from './connection-request.js';
import { ConnectionId, ProviderConfigKey } from './names.js';

/** What every session's token begins with; 64 hexadecimal digits follow (surface 4.2). */
export const connectSessionPrefix = 'nango_connect_session_';

/** How long a session lasts, in milliseconds. */
export const connectSessionMs = 30 * 60_000;

const name = z.string().trim().min(1).max(255);

const SessionEndUser = z.strictObject({
  id: name,
  email: z.email().optional(),
  display_name: name.optional(),
  tags: z.record(z.string(), z.string()).optional(),
});

const Organization = z.strictObject({ id: name, display_name: name.optional() });

/** What the product has decided about connecting to one integration. `connection_config` wins over what the browser sends. */
const IntegrationDefaults = z.strictObject({
  user_scopes: z.string().optional(),
  authorization_params: z.record(z.string(), z.string()).optional(),
  connection_config: z.record(z.string(), z.unknown()).optional(),
});

const Overrides = z.strictObject({ docs_connect: z.url({ protocol: /^https?$/ }).optional() });

const perIntegration = {
  integrations_config_defaults: z.record(ProviderConfigKey, IntegrationDefaults).optional(),
  overrides: z.record(ProviderConfigKey, Overrides).optional(),
};

const whoConnects = { end_user: SessionEndUser.optional(), organization: Organization.optional(), tags: Tags.optional() };

/** Body of `POST /connect/sessions`. The first versions demand `end_user`, later ones take `tags` instead. */
export const NewConnectSession = z
  .strictObject({ ...whoConnects, ...perIntegration, allowed_integrations: z.array(ProviderConfigKey).min(1).optional() })
  .refine(({ end_user, tags }) => end_user !== undefined || tags !== undefined, { message: 'give end_user or tags', path: ['end_user'] });
export type NewConnectSession = z.infer<typeof NewConnectSession>;

/** Body of `POST /connect/sessions/reconnect`: a new credential for a connection that is there. */
export const NewReconnectSession = z.strictObject({ ...whoConnects, ...perIntegration, connection_id: ConnectionId, integration_id: ProviderConfigKey });
export type NewReconnectSession = z.infer<typeof NewReconnectSession>;

/** What is kept of a session's request. */
export const ConnectSessionDetails = z.object({
  ...whoConnects,
  ...perIntegration,
  /** Absent: every integration of the environment. */
  allowed_integrations: z.array(ProviderConfigKey).optional(),
});
export type ConnectSessionDetails = z.infer<typeof ConnectSessionDetails>;

/** The answer to both: the token is shown this once. */
export const OpenedConnectSession = z.object({ token: z.string(), connect_link: z.url(), expires_at: z.iso.datetime() });
export type OpenedConnectSession = z.infer<typeof OpenedConnectSession>;
