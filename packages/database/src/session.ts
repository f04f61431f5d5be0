import pg from 'pg';

/** A connection to the database that stands until `close`. */
export type Session = { close(): Promise<void> };

/** What a session is for: statements that are run each time it is connected. */
export type SessionOptions = { prepare: (client: pg.Client) => Promise<unknown>; onLost?: () => void; retryMs?: number };

/**
 * Keeps a connection of its own, made again when it is lost: for what Postgres ties to a session, such as LISTEN and advisory locks.
 * Resolves when it is first prepared, or rejects when the database is not there.
 *
 * @param source `postgres://` URL, or a pool whose settings are taken over.
 */
export async function keepSession(source: string | pg.Pool, options: SessionOptions): Promise<Session> {
  const config = typeof source === 'string' ? { connectionString: source } : source.options;
  const session = new LastingSession(config, options);
  await session.connect();
  return session;
}

class LastingSession implements Session {
  #client: pg.Client | undefined;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(
    private readonly config: pg.ClientConfig,
    private readonly options: SessionOptions,
  ) {}

  async connect(): Promise<void> {
    const client = new pg.Client({ ...this.config, keepAlive: true });
    client.on('error', () => this.#lost(client));
    client.on('end', () => this.#lost(client));
    await client.connect();
    await this.options.prepare(client).catch(async (error: unknown) => {
      await client.end();
      throw error;
    });
    this.#client = client;
    if (this.#closed) await client.end();
  }

  #lost(client: pg.Client): void {
    if (this.#closed || this.#client !== client) return;
    this.#client = undefined;
    this.options.onLost?.();
    client.end().catch(() => undefined);
    this.#reconnect();
  }

  #reconnect(): void {
    this.#timer = setTimeout(() => {
      this.connect().catch(() => {
        if (!this.#closed) this.#reconnect();
      });
    }, this.options.retryMs ?? 500);
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#client?.end();
  }
}
