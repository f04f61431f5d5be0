import type pg from 'pg';
import { keepSession } from './session.js';

/** A standing subscription; ends with `close`. */
export type Subscription = { close(): Promise<void> };

/** What a subscription tells of besides payloads. */
export type ListenOptions = {
  /** After every (re)connection, since what was notified meanwhile is lost: look for yourself. */
  onConnected?: () => void;
  retryMs?: number;
};

/**
 * Follows a NOTIFY channel on a connection of its own, connecting again when it is lost.
 * Resolves when the channel is first followed, or rejects when the database is not there.
 *
 * @param source `postgres://` URL, or a pool whose settings are taken over.
 */
export function listen(source: string | pg.Pool, channel: string, handler: (payload: string) => void, options: ListenOptions = {}): Promise<Subscription> {
  const { onConnected, ...rest } = options;
  return keepSession(source, {
    ...rest,
    prepare: async (client) => {
      client.on('notification', ({ payload }) => handler(payload ?? ''));
      await client.query(`listen ${client.escapeIdentifier(channel)}`);
      onConnected?.();
    },
  });
}
