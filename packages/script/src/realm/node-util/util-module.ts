import { TextDecoder, TextEncoder } from '../globals/text.js';
import { isDeepStrictEqual } from './deep-equal.js';
import { format, inspect } from './inspect.js';

type Callback = (error: unknown, value?: unknown) => void;

/** What scripts use of `node:util`. */
export const utilModule: Record<string, unknown> = {
  promisify,
  inherits,
  deprecate: (fn: unknown) => fn,
  format,
  inspect,
  isDeepStrictEqual,
  TextDecoder,
  TextEncoder,
};

function promisify(fn: (...args: unknown[]) => unknown) {
  return function (this: unknown, ...args: unknown[]): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const done: Callback = (error, value) => (error ? reject(error instanceof Error ? error : new Error(String(error))) : resolve(value));
      fn.call(this, ...args, done);
    });
  };
}

function inherits(child: { prototype: object }, parent: { prototype: object }): void {
  Object.setPrototypeOf(child.prototype, parent.prototype);
}
