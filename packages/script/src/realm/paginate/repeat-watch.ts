import { NangoError } from '../error/nango-error.js';
import { stringify } from '../intrinsics.js';

/**
 * Finds out when an API sends its reader in circles. A place that comes back is no proof (some APIs have one cursor for all
 * pages); the same page at the same place is. Pages are compared only once their place has come back.
 */
export class RepeatWatch {
  readonly #pages = new Map<string, string | null>();

  /** @throws NangoError `pagination_cycle` at the third time of asking at the latest */
  see(place: string | number, page: unknown[]): void {
    const key = String(place);
    const known = this.#pages.get(key);
    if (known === undefined) return void this.#pages.set(key, null);
    const text = stringify(page);
    if (text === known)
      throw new NangoError(
        'pagination_cycle',
        `The API goes in circles: '${key.slice(0, 200)}' has led to the same page again. Is the right field read for the next page?`,
      );
    this.#pages.set(key, text);
  }
}
