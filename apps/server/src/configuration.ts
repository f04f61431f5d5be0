import { availableParallelism } from 'node:os';
import { encryptionEnvironment, port, serviceEnvironment } from 'service';
import { z } from 'zod';

const url = z.url().transform((text) => text.replace(/\/+$/, ''));

/** Where the server serves the connect page itself. */
export const connectPath = '/connect-ui';

/** What the server reads from its environment variables. */
export const ConfigurationSchema = serviceEnvironment
  .extend({
    NANGO_DATABASE_URL: z.string().min(1),
    ...encryptionEnvironment,
    SERVER_PORT: port.default(3003),
    NANGO_SERVER_URL: url.optional(),
    PROXY_URL: url.default('http://127.0.0.1:3004'),
    TEMPORAL_ADDRESS: z.string().default('localhost:7233'),
    TEMPORAL_NAMESPACE: z.string().default('default'),
    NANGO_QUEUE_PREFIX: z.string().default('nango'),
    /** Actions with a waiting caller that are started at a time; as many as keep this machine busy, if Temporal and the other services share it. */
    SERVER_ACTION_STARTS: z.coerce
      .number()
      .int()
      .min(1)
      .max(10_000)
      .default(availableParallelism() + 1),
    /** `false` closes `/webhook`. */
    NANGO_RECEIVE_WEBHOOKS: z.enum(['true', 'false']).default('true'),
    /** Where browsers open the WebSocket on which they wait for a popup to end. */
    NANGO_SERVER_WEBSOCKETS_PATH: z.string().startsWith('/').default('/'),
    NANGO_SEED: z.string().optional(),
    NANGO_DASHBOARD_FOLDER: z.string().optional(),
    NANGO_PUBLIC_CONNECT_URL: url.optional(),
    /** The connect page's own port, so that it has an origin of its own; without one it lies under a path of this server. */
    NANGO_CONNECT_UI_PORT: port.optional(),
    NANGO_CONNECT_FOLDER: z.string().optional(),
  })
  .transform((env) => ({
    databaseUrl: env.NANGO_DATABASE_URL,
    internalKey: env.NANGO_INTERNAL_KEY,
    encryption: {
      NANGO_ENCRYPTION_KEY: env.NANGO_ENCRYPTION_KEY,
      NANGO_ENCRYPTION_KEYS_PREVIOUS: env.NANGO_ENCRYPTION_KEYS_PREVIOUS,
      NANGO_ENCRYPTION_KEY_FILE: env.NANGO_ENCRYPTION_KEY_FILE,
      NANGO_KMS_KEY_ARN: env.NANGO_KMS_KEY_ARN,
      NANGO_KMS_ENDPOINT: env.NANGO_KMS_ENDPOINT,
    },
    host: env.HOST,
    port: env.SERVER_PORT,
    serverUrl: serverUrlOf(env),
    proxyUrl: env.PROXY_URL,
    temporal: { address: env.TEMPORAL_ADDRESS, namespace: env.TEMPORAL_NAMESPACE, queuePrefix: env.NANGO_QUEUE_PREFIX },
    actionStarts: env.SERVER_ACTION_STARTS,
    receivesWebhooks: env.NANGO_RECEIVE_WEBHOOKS === 'true',
    websocketsPath: env.NANGO_SERVER_WEBSOCKETS_PATH,
    seedFile: env.NANGO_SEED,
    /** Where end users find the connect page; the one that this server serves unless told otherwise. */
    connectUrl: env.NANGO_PUBLIC_CONNECT_URL ?? ownConnectUrl(env),
    connectPort: env.NANGO_CONNECT_UI_PORT,
    connectFolder: env.NANGO_CONNECT_FOLDER ?? new URL('../../connect/dist', import.meta.url).pathname,
    /** The built web app; beside the server's own `dist` unless told otherwise. */
    dashboardFolder: env.NANGO_DASHBOARD_FOLDER ?? new URL('../../dashboard/dist', import.meta.url).pathname,
  }));
export type Configuration = z.output<typeof ConfigurationSchema>;

export const CONFIGURATION = Symbol('Configuration');

function ownConnectUrl(env: { NANGO_SERVER_URL?: string | undefined; SERVER_PORT: number; NANGO_CONNECT_UI_PORT?: number | undefined }): string {
  const serverUrl = serverUrlOf(env);
  if (env.NANGO_CONNECT_UI_PORT === undefined) return serverUrl + connectPath;
  const { protocol, hostname } = new URL(serverUrl);
  return `${protocol}//${hostname}:${env.NANGO_CONNECT_UI_PORT}`;
}

function serverUrlOf(env: { NANGO_SERVER_URL?: string | undefined; SERVER_PORT: number }): string {
  return env.NANGO_SERVER_URL ?? `http://localhost:${env.SERVER_PORT}`;
}
