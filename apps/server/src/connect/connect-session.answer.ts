import type { ConnectSession, ConnectTheme } from 'model/connect';
import type { StoredConnectSession } from './connect-session.repository.js';

/** A session as the end user's browser sees it. */
export function toConnectSession({ details, connection, expiresAt }: StoredConnectSession, theme: ConnectTheme): ConnectSession {
  return { ...details, connection_id: connection?.connectionId ?? null, expires_at: expiresAt.toISOString(), connect_ui_settings: theme };
}
