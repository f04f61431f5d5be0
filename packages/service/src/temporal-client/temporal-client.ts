import { Client, Connection, type ConnectionOptions, defaultGrpcRetryOptions, makeGrpcRetryInterceptor } from '@temporalio/client';

type Interceptor = NonNullable<ConnectionOptions['interceptors']>[number];
type Call = ReturnType<Interceptor>;

/** A client of Temporal that connects on first use, and again by itself whenever Temporal is back. Close its `connection`. */
export function openTemporalClient({ address, namespace }: { address: string; namespace: string }): Client {
  const interceptors = [makeGrpcRetryInterceptor(defaultGrpcRetryOptions()), afterClose];
  return new Client({ connection: Connection.lazy({ address, interceptors }), namespace });
}

/** A call that waits for its next try when the connection is closed would throw where nobody can catch it: out of a timer. */
const afterClose: Interceptor = (options, nextCall) => {
  try {
    return nextCall(options) as Call;
  } catch {
    return closedCall;
  }
};

const cancelled = { code: 1, details: 'The connection to Temporal is closed' };
const nothing = (): void => undefined;

// The part of a call that a try uses.
const closedCall = {
  start: (_: unknown, listener: { onReceiveStatus?: (status: typeof cancelled) => void }) => listener.onReceiveStatus?.(cancelled),
  sendMessage: nothing,
  halfClose: nothing,
  startRead: nothing,
  cancelWithStatus: nothing,
} as unknown as Call;
