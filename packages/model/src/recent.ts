/** What is known of the last `size` keys that were used. */
export class Recent<K, V> {
  readonly #values = new Map<K, V>();

  constructor(private readonly size: number) {}

  get(key: K): V | undefined {
    const value = this.#values.get(key);
    if (value !== undefined) this.set(key, value);
    return value;
  }

  /** Puts it last, and forgets the key that was used longest ago when there are too many. */
  set(key: K, value: V): V {
    this.#values.delete(key);
    this.#values.set(key, value);
    const oldest = this.#values.keys().next();
    if (this.#values.size > this.size && !oldest.done) this.#values.delete(oldest.value);
    return value;
  }
}
