import { useEffect, useState } from 'react';
import { isFramed, onSessionToken, tellHost } from './host-page.js';
import { settings } from './settings.js';

/** The session's token: out of the link, or as the product's page sends it; null until then. */
export function useSessionToken(): string | null {
  const [token, setToken] = useState(settings.token);
  useEffect(() => {
    if (!isFramed) return undefined;
    const stop = onSessionToken(setToken);
    tellHost({ type: 'ready' });
    return stop;
  }, []);
  return token;
}
