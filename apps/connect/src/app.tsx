import { Loading } from './components/loading.js';
import { isFramed } from './data/host-page.js';
import { useSessionToken } from './data/use-session-token.js';
import { IncompleteLinkScreen } from './screens/ended.js';
import { SessionScreens } from './screens/session.js';

export function App() {
  const token = useSessionToken();
  if (token) return <SessionScreens key={token} token={token} />;
  return isFramed ? <Loading /> : <IncompleteLinkScreen />;
}
