import { z } from 'zod';
import { ConnectionId } from './names.js';

/** Query of the routes that a browser calls to make a connection, under one of two keys; `params[name]=value` are read apart from it. */
export const BrowserConnectionQuery = z
  .object({ public_key: z.uuid().optional(), connect_session_token: z.string().optional(), connection_id: ConnectionId.optional() })
  .refine((query) => (query.public_key === undefined) !== (query.connect_session_token === undefined), 'give either public_key or connect_session_token');
export type BrowserConnectionQuery = z.infer<typeof BrowserConnectionQuery>;

/** Body of `POST /api-auth/api-key/{key}`. */
export const PastedApiKey = z.object({ apiKey: z.string().min(1) });
export type PastedApiKey = z.infer<typeof PastedApiKey>;

/** Body of `POST /api-auth/basic/{key}`; either may be empty. */
export const PastedBasic = z.object({ username: z.string(), password: z.string() });
export type PastedBasic = z.infer<typeof PastedBasic>;

/** Answer of those routes. */
export const BrowserConnection = z.object({ providerConfigKey: z.string(), connectionId: z.string() });
export type BrowserConnection = z.infer<typeof BrowserConnection>;
