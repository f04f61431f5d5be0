import type { Broker, ConnectionRequest } from './broker.js';
import type { BrokerCall } from './child-messages.js';

/** What goes back to the realm: a value, and the body of an external answer as it came. */
export type BrokerAnswer = { value: unknown; body?: Uint8Array };

/** Performs one checked call of a script at the broker. */
export async function perform(broker: Broker, call: BrokerCall, body: Uint8Array): Promise<BrokerAnswer> {
  switch (call.method) {
    case 'call': {
      const { answer, body: received } = await broker.call(call.args);
      return { value: { ...answer, headers: withoutSecrets(answer.headers) }, body: received };
    }
    case 'connection':
      return { value: await broker.connection(present(call.args)) };
    case 'save':
      return { value: await broker.save(call.args, body) };
    case 'platform':
      return { value: (await broker.platform(call.args)) ?? null };
    case 'triggerAction':
      return { value: await broker.triggerAction({ ...call.args, input: call.args.input }) };
  }
}

/** An `AppError` was meant for the script; what anything else says stays inside. */
export function refusal(error: unknown): { code: string; message: string; payload?: unknown } {
  if (error instanceof Error && error.name === 'AppError' && 'code' in error && typeof error.code === 'string') {
    const payload = 'payload' in error ? error.payload : undefined;
    return { code: error.code, message: error.message, ...(payload === undefined ? {} : { payload }) };
  }
  return { code: 'server_error', message: 'The platform could not perform the call' };
}

function present({ providerConfigKey, connectionId, forceRefresh, forMetadata }: Extract<BrokerCall, { method: 'connection' }>['args']): ConnectionRequest {
  return {
    ...(providerConfigKey ? { providerConfigKey } : {}),
    ...(connectionId ? { connectionId } : {}),
    ...(forceRefresh ? { forceRefresh } : {}),
    ...(forMetadata ? { forMetadata } : {}),
  };
}

/** Sessions and credentials of the external API, which are the platform's to keep. */
const secretHeaders = new Set(['set-cookie', 'set-cookie2', 'authorization', 'proxy-authorization']);

function withoutSecrets<T>(headers: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !secretHeaders.has(name.toLowerCase())));
}
