import { z } from 'zod';
import { ConnectionProblem, EndUser } from '../connection.js';
import { AuthMode, Credentials } from '../credentials.js';
import { ConnectionId, ProviderConfigKey } from '../names.js';
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
  lastFetchedAt: z.iso.datetime().nullable(),
  syncs: z.array(SyncStatus),
});
export type DashboardConnectionDetail = z.infer<typeof DashboardConnectionDetail>;

/** Body of `POST /api/v1/connections`; `DELETE /api/v1/connections/{id}` removes one. */
export const NewDashboardConnection = z.strictObject({
  integration: ProviderConfigKey,
  connectionId: ConnectionId.optional(),
  credentials: Credentials,
  connectionConfig: z.record(z.string(), z.string()).default({}),
});
export type NewDashboardConnection = z.infer<typeof NewDashboardConnection>;
