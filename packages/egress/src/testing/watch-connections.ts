import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';

/** Every connection that this process tries to make, as `address:port`, from now on. */
export type ConnectionWatch = { readonly attempts: string[]; stop(): void };

/** Watches all of the process's sockets, whoever opens them: what is not listed was never sent a packet over TCP. */
export function watchConnections(): ConnectionWatch {
  const attempts: string[] = [];
  const onSocket = (message: unknown): void => {
    const { socket } = message as { socket: Socket }; // as Node documents the channel
    socket.on('connectionAttempt', (address: string, port: number) => attempts.push(`${address}:${port}`));
  };
  subscribe('net.client.socket', onSocket);
  return { attempts, stop: () => void unsubscribe('net.client.socket', onSocket) };
}
