import { z } from 'zod';
import { ConnectionId } from './names.js';

/** Query of the routes that a browser calls to make a connection, under one of two keys; `params[name]=value` and the like are read apart from it. */
export const BrowserConnectionQuery = z
  .object({
    public_key: z.uuid().optional(),
    connect_session_token: z.string().optional(),
    connection_id: ConnectionId.optional(),
    hmac: z.string().max(256).optional(),
    /** Of the popup: which WebSocket waits for its end, and scopes of the user's own, separated by commas. */
    ws_client_id: z.uuid().optional(),
    user_scope: z.string().max(10_000).optional(),
  })
  .refine((query) => (query.public_key === undefined) !== (query.connect_session_token === undefined), 'give either public_key or connect_session_token');
export type BrowserConnectionQuery = z.infer<typeof BrowserConnectionQuery>;

/** The longest value that a browser may send of a credential: a private key as PEM with room to spare. */
export const maxCredentialLength = 16_384;

/** Body of the routes that take a pasted credential: fields by name. Which are needed, the auth mode and the catalogue say (surface 5.1). */
export const PastedCredential = z.record(z.string().max(255), z.unknown()).refine((fields) => Object.keys(fields).length <= 50, 'has too many fields');
export type PastedCredential = z.infer<typeof PastedCredential>;

/** Answer of those routes. `isPending`: the provider waits for somebody's approval. */
export const BrowserConnection = z.object({ providerConfigKey: z.string(), connectionId: z.string(), isPending: z.boolean().optional() });
export type BrowserConnection = z.infer<typeof BrowserConnection>;
