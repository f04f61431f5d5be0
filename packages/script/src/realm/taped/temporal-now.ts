import { apply } from '../intrinsics.js';
import { define } from './date.js';

/** As much of the language's `Temporal` as is needed here; the compiler's library does not know it yet. */
type Convert = (this: object, ...args: unknown[]) => object;
type TemporalLike = {
  Now: object;
  Instant: { fromEpochMilliseconds: (milliseconds: number) => object; prototype: { toZonedDateTimeISO: Convert } };
  ZonedDateTime: { prototype: { toPlainDateTime: Convert; toPlainDate: Convert; toPlainTime: Convert } };
};

/** Makes `Temporal.Now` read this clock. The time zone is always UTC. */
export function tapeTemporalNow(now: () => number): void {
  const { Now, Instant, ZonedDateTime } = (globalThis as unknown as { Temporal: TemporalLike }).Temporal;
  const { fromEpochMilliseconds } = Instant;
  const { toZonedDateTimeISO } = Instant.prototype;
  const { toPlainDateTime, toPlainDate, toPlainTime } = ZonedDateTime.prototype;
  const instant = (): object => apply(fromEpochMilliseconds, Instant, [now()]) as object;
  const zoned = (timeZone: unknown = 'UTC'): object => apply(toZonedDateTimeISO, instant(), [timeZone]) as object;
  define(Now, {
    instant,
    timeZoneId: () => 'UTC',
    zonedDateTimeISO: zoned,
    plainDateTimeISO: (timeZone?: unknown) => apply(toPlainDateTime, zoned(timeZone), []),
    plainDateISO: (timeZone?: unknown) => apply(toPlainDate, zoned(timeZone), []),
    plainTimeISO: (timeZone?: unknown) => apply(toPlainTime, zoned(timeZone), []),
  });
}
