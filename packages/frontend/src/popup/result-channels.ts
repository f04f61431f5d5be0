import { parseResultMessage, type ResultMessage } from './result-message.js';

interface SocketEvents {
  /** The server has named the flow. */
  onClientId: (wsClientId: string) => void;
  onResult: (result: ResultMessage) => void;
  /** The socket closed or failed, or could not be opened. */
  onLost: () => void;
}

/** Opens the WebSocket over which the server names the flow and sends its result; `ended` closes it. */
export function openSessionSocket(url: string, { onClientId, onResult, onLost }: SocketEvents, ended: AbortSignal): void {
  const socket = new WebSocket(url);
  const listening = { signal: ended };
  const onMessage = ({ data }: MessageEvent<unknown>): void => {
    const message = parseJson(data);
    const result = parseResultMessage(message);
    if (result) return onResult(result);
    const wsClientId = clientIdIn(message);
    if (wsClientId) onClientId(wsClientId);
  };
  socket.addEventListener('message', onMessage, listening);
  // A socket that fails is always closed too, so `error` needs no listener of its own.
  socket.addEventListener('close', onLost, listening);
  ended.addEventListener('abort', () => socket.close(), { once: true });
}

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

function clientIdIn(message: unknown): string | undefined {
  const { message_type, ws_client_id } = (message ?? {}) as Record<string, unknown>; // both are checked on the next line
  return message_type === 'connection_ack' && typeof ws_client_id === 'string' ? ws_client_id : undefined;
}

function parseJson(text: unknown): unknown {
  try {
    return JSON.parse(String(text));
  } catch {
    return undefined;
  }
}
