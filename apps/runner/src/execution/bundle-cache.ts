import { Injectable } from '@nestjs/common';

const maxCharacters = 64_000_000;

/** Code of script versions by content hash; the least recently used go first. */
@Injectable()
export class BundleCache {
  readonly #known = new Map<string, string>();
  #size = 0;

  async get(hash: string, load: () => Promise<string>): Promise<string> {
    const known = this.#known.get(hash);
    if (known !== undefined) {
      this.#known.delete(hash);
      this.#known.set(hash, known);
      return known;
    }
    const code = await load();
    if (!this.#known.has(hash)) this.#keep(hash, code);
    return code;
  }

  #keep(hash: string, code: string): void {
    this.#known.set(hash, code);
    this.#size += code.length;
    for (const [oldest, { length }] of this.#known) {
      if (this.#size <= maxCharacters) return;
      this.#known.delete(oldest);
      this.#size -= length;
    }
  }
}
