import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'database';
import { buildUrl, findProvider, tokenUrlOf } from 'providers';
import type { ConnectionName } from './connection-row.js';
import type { CredentialStore } from './credential-store.js';
import { maxFailures } from './refresh-failure.js';

/** A connection whose credential is due, for one process alone until its claim ends. */
type DueConnection = ConnectionName & { id: number; integrationId: number; version: number; provider: string; connectionConfig: Record<string, unknown> };

/** How much of a sweep is under way at the same time. */
export type SweepLimits = {
  /** Renewals at one token endpoint's host, by this process. */
  concurrencyPerHost?: number;
  /** Renewals that are claimed, of one provider and altogether; those beyond a host's limit wait for their turn. */
  maxPerProvider?: number;
  maxInFlight?: number;
};

type HostQueue = { running: number; waiting: (() => void)[] };

const maxWaitMs = 1_000;

/**
 * Renews credentials before they end, without anybody asking: those whose `credential_renew_at` has come, at 80% of their life. Rarely used
 * connections are among them, so that their refresh tokens stay alive. Several processes share the work by claims that skip each other's.
 */
export class RenewalSweep {
  readonly #inFlight = new Set<Promise<void>>();
  /** Claimed renewals by integration (a number) and by provider (its name). */
  readonly #claimed = new Map<number | string, number>();
  readonly #byHost = new Map<string, HostQueue>();
  readonly #perHost: number;
  readonly #maxPerProvider: number;
  readonly #maxInFlight: number;
  #stopped = false;

  constructor(
    private readonly pool: Pool,
    private readonly credentials: Pick<CredentialStore, 'fresh'>,
    { concurrencyPerHost = 10, maxPerProvider = 40, maxInFlight = 120 }: SweepLimits = {},
  ) {
    this.#perHost = concurrencyPerHost;
    this.#maxPerProvider = maxPerProvider;
    this.#maxInFlight = maxInFlight;
  }

  /** Renews until nothing is due, and answers how many it began. An integration whose endpoint is slow keeps no other waiting. */
  async renewDue(): Promise<number> {
    for (let begun = 0; ;) {
      if (this.#stopped) return begun;
      // What is under way keeps others of its integration from being claimed, and may end while the claim is made.
      const isIdle = this.#inFlight.size === 0;
      const room = this.#maxInFlight - this.#inFlight.size;
      const claimed = room > 0 ? await this.#claim(room) : [];
      for (const connection of claimed) this.#begin(connection);
      begun += claimed.length;
      if (claimed.length === 0 && isIdle) return begun;
      // Others may have become due meanwhile, whose endpoints are faster than those that are waited for.
      if (claimed.length === 0 && this.#inFlight.size > 0) await Promise.race([...this.#inFlight, sleep(maxWaitMs, undefined, { ref: false })]);
    }
  }

  /** Begins no more, and waits for those under way. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#inFlight);
  }

  #begin(connection: DueConnection): void {
    this.#count(connection, 1);
    const renewal = this.#atHost(connection, () => this.#renew(connection)).finally(() => {
      this.#count(connection, -1);
      this.#inFlight.delete(renewal);
    });
    this.#inFlight.add(renewal);
  }

  #count({ integrationId, provider }: DueConnection, change: number): void {
    for (const key of [integrationId, provider]) {
      const count = (this.#claimed.get(key) ?? 0) + change;
      if (count > 0) this.#claimed.set(key, count);
      else this.#claimed.delete(key);
    }
  }

  async #atHost(connection: DueConnection, renew: () => Promise<void>): Promise<void> {
    const host = tokenHostOf(connection);
    const queue = this.#byHost.get(host) ?? { running: 0, waiting: [] };
    this.#byHost.set(host, queue);
    if (queue.running < this.#perHost) queue.running++;
    else await new Promise<void>((admit) => queue.waiting.push(admit)); // the place is handed on
    try {
      await renew();
    } finally {
      const next = queue.waiting.shift();
      if (next) next();
      else if (--queue.running === 0) this.#byHost.delete(host);
    }
  }

  /** A failure is recorded on the connection. What nothing can renew is not claimed again. */
  async #renew(connection: DueConnection): Promise<void> {
    if (this.#stopped) return; // the claim ends by itself
    try {
      const { version } = await this.credentials.fresh(connection, { version: connection.version });
      if (version === connection.version) await this.#defer(connection, null);
    } catch {
      await this.#defer(connection, 300).catch(() => undefined); // the claim ends by itself
    }
  }

  async #defer({ environmentId, id, version }: DueConnection, seconds: number | null): Promise<void> {
    await this.pool.query(
      `update connection set credential_renew_at = case when $4::int is not null then greatest(credential_renew_at, now() + make_interval(secs => $4)) end
       where id = $1 and environment_id = $2 and credential_version = $3 and credential_renew_at is not null`,
      [id, environmentId, version, seconds],
    );
  }

  /**
   * A claim lasts for a minute, in which the renewal writes the next date. Integrations and providers with enough under way are passed
   * over: a slow endpoint delays its own connections alone.
   */
  async #claim(limit: number): Promise<DueConnection[]> {
    const limitOf = (key: number | string): number => (typeof key === 'number' ? this.#perHost : this.#maxPerProvider);
    const full = [...this.#claimed].filter(([key, count]) => count >= limitOf(key)).map(([key]) => key);
    const { rows } = await this.pool.query<DueConnection>(
      `update connection c set credential_renew_at = now() + interval '60 seconds'
       from (select d.id, d.integration_id from connection d join integration j on j.id = d.integration_id
         where d.credential_renew_at <= now() and d.deleted_at is null and d.refresh_failures < $2 and (d.lease_until is null or d.lease_until < now())
           and d.integration_id <> all($3::int[]) and j.provider <> all($4::text[])
         order by d.credential_renew_at limit $1 for update of d skip locked) due join integration i on i.id = due.integration_id
       where c.id = due.id
       returning c.id, c.integration_id as "integrationId", c.environment_id as "environmentId", c.connection_id as "connectionId",
         c.credential_version as version, c.connection_config as "connectionConfig", i.provider, i.unique_key as "providerConfigKey"`,
      [Math.min(limit, this.#perHost), maxFailures, full.filter((key) => typeof key === 'number'), full.filter((key) => typeof key === 'string')],
    );
    return rows;
  }
}

/** Where a connection's tokens come from, as far as the entry tells; modes that sign their tokens here count by provider. */
function tokenHostOf({ provider: name, connectionConfig }: DueConnection): string {
  const provider = findProvider(name);
  const template = provider && (provider.refresh_url ?? tokenUrlOf(provider, provider.auth_mode));
  const built = template === undefined ? undefined : buildUrl(template, { connectionConfig });
  return built?.kind === 'known' && URL.canParse(built.url) ? new URL(built.url).host : name;
}
