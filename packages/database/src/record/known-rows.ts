import { hashBytes, type KnownRow } from './compare.js';

const firstCapacity = 1024;
const deletedFlag = 1;
const prunedFlag = 2;

/** Every row of a model in memory: what a comparison needs, in about 100 bytes a row that the garbage collector need not visit. */
export class KnownRows {
  readonly #places = new Map<string, number>();
  #hashes = Buffer.alloc(firstCapacity * hashBytes);
  #rowNumbers = new Int32Array(firstCapacity);
  #flags = new Uint8Array(firstCapacity);

  get size(): number {
    return this.#places.size;
  }

  get(externalId: string): KnownRow | undefined {
    const place = this.#places.get(externalId);
    if (place === undefined) return undefined;
    const flags = this.#flags[place] ?? 0;
    return {
      externalId,
      hash: this.#hashes.toString('latin1', place * hashBytes, (place + 1) * hashBytes),
      rowNumber: this.#rowNumbers[place] ?? 0,
      deleted: (flags & deletedFlag) !== 0,
      pruned: (flags & prunedFlag) !== 0,
      foreign: false,
    };
  }

  set({ externalId, hash, rowNumber, deleted, pruned }: Omit<KnownRow, 'foreign'>): void {
    const place = this.#places.get(externalId) ?? this.#places.size;
    if (place === this.#rowNumbers.length) this.#grow();
    this.#places.set(externalId, place);
    this.#hashes.write(hash, place * hashBytes, 'latin1');
    this.#rowNumbers[place] = rowNumber;
    this.#flags[place] = (deleted ? deletedFlag : 0) | (pruned ? prunedFlag : 0);
  }

  #grow(): void {
    const capacity = this.#rowNumbers.length * 2;
    const [hashes, rowNumbers, flags] = [Buffer.alloc(capacity * hashBytes), new Int32Array(capacity), new Uint8Array(capacity)];
    hashes.set(this.#hashes);
    rowNumbers.set(this.#rowNumbers);
    flags.set(this.#flags);
    [this.#hashes, this.#rowNumbers, this.#flags] = [hashes, rowNumbers, flags];
  }
}
