/** xoshiro128**: numbers as of `Math.random`, the same ones for the same seed. For nothing that must stay secret. */
export class Random {
  readonly #state: Uint32Array;

  /** @param seed 128 bits in hex */
  constructor(seed: string) {
    this.#state = Uint32Array.from({ length: 4 }, (_, index) => parseInt(seed.slice(8 * index, 8 * index + 8), 16));
    // The one state it would never leave.
    if (this.#state.every((word) => word === 0)) this.#state[0] = 1;
  }

  /** 53 random bits, from 0 up to but not including 1. */
  next(): number {
    return ((this.#word() >>> 5) * 2 ** 26 + (this.#word() >>> 6)) / 2 ** 53;
  }

  #word(): number {
    const state = this.#state;
    const [a = 0, b = 0, c = 0, d = 0] = state;
    const mixed = c ^ a;
    const turned = d ^ b;
    state[0] = a ^ turned;
    state[1] = b ^ mixed;
    state[2] = mixed ^ (b << 9);
    state[3] = rotate(turned, 11);
    return Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0;
  }
}

function rotate(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}
