import { Waiting } from './components/waiting.js';
import { isFramed } from './data/host-page.js';
import { useSessionToken } from './data/use-session-token.js';
import { EndedScreen } from './screens/ended.js';
import { SessionScreens } from './screens/session.js';

export function App() {
  const token = useSessionToken();
  if (token !== null) return <SessionScreens key={token} token={token} />;
  return isFramed ? <Waiting /> : <EndedScreen />;
}
