import { z } from 'zod';
import { ConnectionProblem, EndUser } from '../connection.js';
import { GivenCredentials, NewConnection } from '../connection-request.js';
import { OpenedConnectSession } from '../connect-session.js';
import { AuthMode } from '../credentials.js';
import { Revocation } from '../internal/authorization.js';
import { ConnectionScopes } from '../oauth-flow.js';
import { SyncStatus } from '../sync-status.js';

/** One entry of `GET /api/v1/connections`: `{ connections: [...] }`. `syncs` counts them, `failing` those in ERROR. */
export const DashboardConnection = z.object({
  id: z.int(),
  connectionId: z.string(),
  integration: z.string(),
  provider: z.string(),
  createdAt: z.iso.datetime(),
  problems: z.array(ConnectionProblem),
  syncs: z.int(),
  failing: z.int(),
});
export type DashboardConnection = z.infer<typeof DashboardConnection>;

/** Answer of `GET /api/v1/connections/{id}` (the numeric id). `POST /api/v1/syncs/{id}/pause|start|trigger|cancel` and `PUT .../frequency` act on its syncs. */
export const DashboardConnectionDetail = DashboardConnection.omit({ syncs: true, failing: true }).extend({
  authMode: AuthMode,
  metadata: z.record(z.string(), z.unknown()),
  connectionConfig: z.record(z.string(), z.unknown()),
  endUser: EndUser.nullable(),
  /** Scopes that were asked for and those that the provider granted; null where it does not say. */
  scopes: ConnectionScopes.nullable(),
  /** When the credential ends, and when it is renewed; null where it has no known end, or cannot be renewed. */
  credentialExpiresAt: z.iso.datetime().nullable(),
  credentialRenewAt: z.iso.datetime().nullable(),
  lastFetchedAt: z.iso.datetime().nullable(),
  syncs: z.array(SyncStatus),
});
export type DashboardConnectionDetail = z.infer<typeof DashboardConnectionDetail>;

/** Body of `POST /api/v1/connections`: as `POST /connections`, with the fields that the provider's credential has. */
export const NewDashboardConnection = NewConnection.extend({ credentials: GivenCredentials.extend({ type: AuthMode }) });
export type NewDashboardConnection = z.infer<typeof NewDashboardConnection>;

/** Answer of `DELETE /api/v1/connections/{id}`: what became of the access at the provider. */
export const DeletedDashboardConnection = z.object({ revocation: Revocation.shape.outcome });
export type DeletedDashboardConnection = z.infer<typeof DeletedDashboardConnection>;

/**
 * Answer of `POST /api/v1/connect-sessions` (body: `NewConnectSession`) and of `POST /api/v1/connections/{id}/reconnect-session` (no body): the
 * session, where the hosted page is, and where that page finds the API.
 */
export const DashboardConnectSession = OpenedConnectSession.extend({ connect_url: z.url(), api_url: z.url() });
export type DashboardConnectSession = z.infer<typeof DashboardConnectSession>;
