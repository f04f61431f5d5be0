import type { ConnectSession, ConnectTheme } from 'model/connect';
import type { StoredConnectSession } from './connect-session.repository.js';

/** A session as the end user's browser sees it. */
export function toConnectSession({ details, connection, expiresAt }: StoredConnectSession, theme: ConnectTheme): ConnectSession {
  const look = Object.keys(theme).length === 0 ? {} : { connect_ui_settings: theme };
  return { ...details, connection_id: connection?.connectionId ?? null, expires_at: expiresAt.toISOString(), ...look };
}
