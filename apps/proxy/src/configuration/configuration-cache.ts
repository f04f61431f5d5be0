type Entry<T> = { value: T; tags: readonly string[]; until: number };

/** How a {@link ConfigurationCache} is bounded. `tagsOf` names what a value depends on, as the `configuration` channel names it. */
export type CacheOptions<T> = { limit: number; trustedForMs: number; tagsOf: (value: T) => readonly string[] };

/** Values looked up once and kept until what they depend on changes. Only what was found is kept; equal look-ups under way are one. */
export class ConfigurationCache<T> {
  private readonly entries = new Map<string, Entry<T>>();
  private readonly loading = new Map<string, Promise<T>>();
  private revision = 0;

  constructor(private readonly options: CacheOptions<T>) {}

  /** The value at once where it is known, else a promise of it. */
  get(key: string, load: () => Promise<T>): T | Promise<T> {
    const entry = this.entries.get(key);
    if (entry && entry.until > Date.now()) return entry.value;
    const underWay = this.loading.get(key);
    if (underWay) return underWay;
    const loading = this.load(key, load).finally(() => {
      if (this.loading.get(key) === loading) this.loading.delete(key);
    });
    this.loading.set(key, loading);
    return loading;
  }

  /** As {@link get}, for a value that turned out to be stale: of all who hold it, the first loads anew. */
  renew(key: string, stale: T, load: () => Promise<T>): T | Promise<T> {
    if (this.entries.get(key)?.value === stale) this.entries.delete(key);
    return this.get(key, load);
  }

  /** Forgets what depends on `tag`, or everything. */
  drop(tag?: string): void {
    this.revision++;
    this.loading.clear();
    if (tag === undefined) return this.entries.clear();
    for (const [key, { tags }] of this.entries) if (tags.includes(tag)) this.entries.delete(key);
  }

  private async load(key: string, load: () => Promise<T>): Promise<T> {
    const { revision } = this;
    const value = await load();
    // What was read before a change was announced may be older than the change.
    if (revision === this.revision) this.keep(key, value);
    return value;
  }

  private keep(key: string, value: T): void {
    const [oldest] = this.entries.keys();
    if (this.entries.size >= this.options.limit && oldest !== undefined) this.entries.delete(oldest);
    this.entries.set(key, { value, tags: this.options.tagsOf(value), until: Date.now() + this.options.trustedForMs });
  }
}
