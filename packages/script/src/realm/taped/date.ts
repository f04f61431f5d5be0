import { apply, construct } from '../intrinsics.js';

/** Makes `Date` read this clock wherever it would read the machine's. Nothing leads to the original any more. */
export function tapeDate(now: () => number): void {
  const Native = Date;
  const { toString } = Native.prototype;
  function Taped(...args: unknown[]): unknown {
    if (new.target === undefined) return apply(toString, construct(Native, [now()]), []);
    return construct(Native, args.length === 0 ? [now()] : args, new.target);
  }
  define(Taped, { name: 'Date', length: 7, now: () => now(), parse: Native.parse, UTC: Native.UTC });
  Object.defineProperty(Taped, 'prototype', { value: Native.prototype, writable: false });
  define(Native.prototype, { constructor: Taped });
  define(globalThis, { Date: Taped });
}

/** Puts values in place as the language's own are: hidden from enumeration. */
export function define(target: object, values: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(values)) Object.defineProperty(target, name, { value, writable: true, enumerable: false, configurable: true });
}
