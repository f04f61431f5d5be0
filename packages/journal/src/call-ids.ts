import { createHash } from 'node:crypto';
import { canonicalJson } from './canonical-json.js';

/**
 * Names the calls of one execution in the order they are made: method, hash of the canonical arguments, occurrence among equals.
 * A script that is run again from its first line gets the same names for the same calls.
 */
export class CallIds {
  readonly #seen = new Map<string, number>();
  readonly #mask: (text: string) => string;

  /** `mask` puts names where secrets stand, so that another value of the same secret makes no other call. */
  constructor(mask: (text: string) => string = (text) => text) {
    this.#mask = mask;
  }

  /** @returns e.g. `get:Zb3…:0`, at most 200 characters */
  next(method: string, args: unknown): string {
    const equal = `${method.slice(0, 100)}:${createHash('sha256')
      .update(this.#mask(canonicalJson(args)))
      .digest('base64url')}`;
    const occurrence = this.#seen.get(equal) ?? 0;
    this.#seen.set(equal, occurrence + 1);
    return `${equal}:${occurrence}`;
  }
}
