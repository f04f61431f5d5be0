import { randomBytes, randomUUID } from 'node:crypto';
import { keepSession, type Pool, type Session } from 'database';

/** Where leases get their tokens from. */
export type LeaseTokens = { next(): string };

/** Tokens that say nothing of their holder: such a lease ends by its time alone. */
export const anonymous: LeaseTokens = { next: () => randomUUID() };

/** Class of the advisory locks by which processes show that they live. */
const lockClass = 0x6c697665;
/** Ends a token whose first eight digits are its holder's lock; random ones practically never end so. */
const mark = '00006c697665';

/**
 * Shows the other processes that this one lives: it holds an advisory lock of Postgres as long as its session stands, which a crash ends at
 * once. A lease of a process that is gone can then be taken over within seconds, while the provider may still grant the old refresh token.
 */
export class ProcessLiveness implements LeaseTokens {
  readonly #lock = randomBytes(4);
  #session: Session | undefined;
  #isShown = false;

  static async start(pool: Pool): Promise<ProcessLiveness> {
    const liveness = new ProcessLiveness();
    liveness.#session = await keepSession(pool, {
      prepare: async (client) => {
        await client.query('select pg_advisory_lock($1, $2)', [lockClass, liveness.#lock.readInt32BE()]);
        liveness.#isShown = true;
      },
      onLost: () => (liveness.#isShown = false),
    });
    return liveness;
  }

  next(): string {
    const random = randomUUID();
    return this.#isShown ? `${this.#lock.toString('hex')}${random.slice(8, 24)}${mark}` : random;
  }

  async stop(): Promise<void> {
    await this.#session?.close();
  }
}

const isMarked = (token: string): string => `right(${token}::text, 12) = '${mark}'`;
/** After a start of Postgres, processes need a moment to show that they live, and to store answers that it was not there for. */
const isYoung = `pg_postmaster_start_time() > now() - interval '15 seconds'`;

/** SQL: whether the holder of a lease is known to be gone. */
export function isHolderGone(token: string): string {
  return `(case when ${isMarked(token)} and not ${isYoung}
    then pg_try_advisory_xact_lock_shared(${lockClass}, ('x' || left(${token}::text, 8))::bit(32)::int) else false end)`;
}

/** SQL: whether a connection's lease is free by its time. */
export function mayBeTaken(connection: string): string {
  const { until, token } = { until: `${connection}.lease_until`, token: `${connection}.lease_token` };
  return `(${until} is null or (${until} < now() and not (${token} is not null and ${isMarked(token)} and ${isYoung})))`;
}
