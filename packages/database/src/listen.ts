import pg from 'pg';

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
export async function listen(
  source: string | pg.Pool,
  channel: string,
  handler: (payload: string) => void,
  options: ListenOptions = {},
): Promise<Subscription> {
  const config = typeof source === 'string' ? { connectionString: source } : source.options;
  const listener = new Listener(config, channel, handler, options);
  await listener.connect();
  return listener;
}

class Listener implements Subscription {
  #client: pg.Client | undefined;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(
    private readonly config: pg.ClientConfig,
    private readonly channel: string,
    private readonly handler: (payload: string) => void,
    private readonly options: ListenOptions,
  ) {}

  async connect(): Promise<void> {
    const client = new pg.Client({ ...this.config, keepAlive: true });
    client.on('error', () => this.#lost(client));
    client.on('end', () => this.#lost(client));
    client.on('notification', ({ payload }) => this.handler(payload ?? ''));
    await client.connect();
    await client.query(`listen ${client.escapeIdentifier(this.channel)}`);
    this.#client = client;
    if (this.#closed) await client.end();
    else this.options.onConnected?.();
  }

  #lost(client: pg.Client): void {
    if (this.#closed || this.#client !== client) return;
    this.#client = undefined;
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
