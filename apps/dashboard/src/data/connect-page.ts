import { ConnectUI, type ConnectUIEventConnect } from '@nangohq/frontend';
import type { DashboardConnectSession } from 'model/dashboard';

type Connected = ConnectUIEventConnect['payload'];

/** Shows the hosted connect page over the dashboard. `onConnect` is called as soon as there is a connection, while the page is still open. */
export function openConnectPage(session: DashboardConnectSession, onConnect: (connected: Connected) => void): void {
  const page = new ConnectUI({
    sessionToken: session.token,
    baseURL: session.connect_url,
    apiURL: session.api_url,
    detectClosedAuthWindow: true,
    onEvent: (event) => {
      if (event.type === 'connect') onConnect(event.payload);
    },
  });
  page.open();
}
