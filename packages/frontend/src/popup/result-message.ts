import { AuthError } from '../auth-error.js';
import type { AuthResult } from '../auth-result.js';

/** How a flow ended. The WebSocket, the session's poll and the BroadcastChannel carry the same message (surface 5.3). */
export type ResultMessage =
  | { message_type: 'success'; provider_config_key: string; connection_id: string; is_pending?: boolean }
  | { message_type: 'error'; error_type: string; error_desc: string };

/** Reads a message from outside; undefined for everything that is not a result. */
export function parseResultMessage(message: unknown): ResultMessage | undefined {
  const fields = (typeof message === 'object' && message !== null ? message : {}) as Record<string, unknown>; // an object by the check
  if (fields['message_type'] === 'success') {
    const { provider_config_key, connection_id, is_pending } = fields;
    const pending = typeof is_pending === 'boolean' ? { is_pending } : {};
    return { message_type: 'success', provider_config_key: textOf(provider_config_key), connection_id: textOf(connection_id), ...pending };
  }
  if (fields['message_type'] !== 'error') return undefined;
  const error_type = textOf(fields['error_type']) || 'unknown_error';
  return { message_type: 'error', error_type, error_desc: textOf(fields['error_desc']) || 'The authorisation failed.' };
}

/** The connection, or the server's error as an {@link AuthError}. */
export function authOutcome(message: ResultMessage): AuthResult | AuthError {
  if (message.message_type === 'error') return new AuthError(message.error_desc, message.error_type);
  const { provider_config_key, connection_id, is_pending } = message;
  return { providerConfigKey: provider_config_key, connectionId: connection_id, ...(is_pending === undefined ? {} : { isPending: is_pending }), ok: true };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
