import type { Jail } from './driver.js';
import type { JailJob } from './job.js';

type Warm = { key: string; jail: Jail; idle: NodeJS.Timeout };

/**
 * A jail is used up after so many runs, when nobody wanted it for so long, or when its memory has grown by so much
 * since its first run.
 */
const bounds = { runs: 100, idleMs: 60_000, growthBytes: 64 * 1024 * 1024, jails: 8 };

/**
 * What a jail may be used for again: the same script version on the same connection, so that no process ever sees two
 * customers. Null for a sync, which gets a process of its own, and where the environment wants no reuse.
 */
export function warmKey({ warmFor, context, limits }: JailJob): string | null {
  if (warmFor === null || (context.kind !== 'action' && context.kind !== 'webhook')) return null;
  return [context.environmentId, context.nangoConnectionId, context.entry, limits.heapMb, limits.dataMb, warmFor].join(':');
}

/** Jails that have run a script and stand ready for its next run, each in a realm that is new and has seen nothing. */
export class WarmJails {
  readonly #waiting: Warm[] = [];
  readonly #runs = new WeakMap<Jail, number>();
  readonly #firstRss = new WeakMap<Jail, number>();

  take(key: string): Jail | null {
    const index = this.#waiting.findLastIndex((warm) => warm.key === key);
    const [warm] = index === -1 ? [] : this.#waiting.splice(index, 1);
    clearTimeout(warm?.idle);
    return warm?.jail ?? null;
  }

  /** Renews the jail and offers it to the next run, or ends it when it is used up. */
  keep(key: string, jail: Jail): void {
    const runs = (this.#runs.get(jail) ?? 0) + 1;
    this.#runs.set(jail, runs);
    if (runs >= bounds.runs || this.#hasGrown(jail)) return jail.kill();
    jail.renew().then(
      () => this.#offer(key, jail),
      () => jail.kill(),
    );
  }

  #hasGrown(jail: Jail): boolean {
    const rss = jail.usage()?.rssBytes ?? 0;
    const first = this.#firstRss.get(jail) ?? rss;
    this.#firstRss.set(jail, first);
    return rss - first > bounds.growthBytes;
  }

  /** For one that has died. */
  forget(jail: Jail): void {
    const index = this.#waiting.findIndex((warm) => warm.jail === jail);
    const [warm] = index === -1 ? [] : this.#waiting.splice(index, 1);
    clearTimeout(warm?.idle);
  }

  #offer(key: string, jail: Jail): void {
    const idle = setTimeout(() => jail.kill(), bounds.idleMs);
    this.#waiting.push({ key, jail, idle });
    if (this.#waiting.length > bounds.jails) this.#waiting[0]?.jail.kill();
  }
}
