import type { ConnectSession } from 'model/connect';
import type { StoredConnectSession } from './connect-session.repository.js';

/** A session as the end user's browser sees it. */
export function toConnectSession({ details, connection, expiresAt }: StoredConnectSession): ConnectSession {
  return { ...details, connection_id: connection?.connectionId ?? null, expires_at: expiresAt.toISOString() };
}
