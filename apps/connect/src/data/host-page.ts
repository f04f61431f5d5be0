type HostEvent =
  | { type: 'ready' }
  | { type: 'close' }
  | { type: 'connect'; payload: { providerConfigKey: string; connectionId: string; isPending?: boolean } }
  | { type: 'error'; payload: { errorType: string; errorMessage: string } }
  | { type: 'settings_changed'; payload: Record<string, unknown> };

const host = globalThis.parent === globalThis.window ? null : globalThis.parent;
let hostOrigin = '*';

/** Whether the product shows this page in a frame of its own page. */
export const isFramed = host !== null;

/** Tells the product's page what happened; nobody where the page stands alone. */
export function tellHost(event: HostEvent): void {
  host?.postMessage(event, hostOrigin);
}

/** Hands over each session token that the product's page sends, and no other page's. Answers how to stop. */
export function onSessionToken(handle: (token: string) => void): () => void {
  const listen = ({ source, origin, data }: MessageEvent<{ type?: unknown; sessionToken?: unknown } | null>): void => {
    if (source !== host || data?.type !== 'session_token' || typeof data.sessionToken !== 'string') return;
    // Whoever gave the token is told what became of it.
    hostOrigin = origin === 'null' ? '*' : origin;
    handle(data.sessionToken);
  };
  globalThis.addEventListener('message', listen);
  return () => globalThis.removeEventListener('message', listen);
}
