import { parseResultMessage, type ResultMessage } from './result-message.js';

/** Listens for the result from a callback page on the product's own origin, the one way that needs neither socket nor opener; `ended` closes it. */
export function listenToCallbackChannel(wsClientId: string, onResult: (result: ResultMessage) => void, ended: AbortSignal): void {
  if (typeof BroadcastChannel === 'undefined') return;
  const channel = new BroadcastChannel('nango-oauth-callback');
  channel.addEventListener('message', ({ data }: MessageEvent<{ ws_client_id?: unknown; result?: unknown } | null>) => {
    const result = parseResultMessage(data?.result);
    if (result && data?.ws_client_id === wsClientId) onResult(result);
  });
  ended.addEventListener('abort', () => channel.close(), { once: true });
}
