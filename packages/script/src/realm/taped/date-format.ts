import { apply } from '../intrinsics.js';
import { define } from './date.js';

type Format = (this: Intl.DateTimeFormat, date?: unknown) => unknown;

/** Makes `Intl.DateTimeFormat` take the time from this clock where it is given no date. */
export function tapeDateFormat(now: () => number): void {
  const { prototype } = Intl.DateTimeFormat;
  const { formatToParts } = prototype as { formatToParts: Format };
  const nativeFormat = Object.getOwnPropertyDescriptor(prototype, 'format')?.get;
  if (!nativeFormat) throw new Error('The format of dates is no accessor');
  const bound = new WeakMap<object, Format>();
  const known = { get: bound.get.bind(bound), set: bound.set.bind(bound) };
  const get = function (this: Intl.DateTimeFormat): Format {
    const native = apply(nativeFormat, this, []) as Format;
    const found = known.get(this);
    if (found) return found;
    const format = (date?: unknown): unknown => apply(native, undefined, [date === undefined ? now() : date]);
    known.set(this, format);
    return format;
  };
  Object.defineProperty(prototype, 'format', { get, configurable: true, enumerable: false });
  define(prototype, {
    formatToParts(this: Intl.DateTimeFormat, date?: unknown): unknown {
      return apply(formatToParts, this, [date === undefined ? now() : date]);
    },
  });
}
