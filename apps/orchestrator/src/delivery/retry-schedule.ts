const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

/** The waits between ten attempts, 75 h 35 m in all (the schedule that Standard Webhooks recommends). */
export const waitsMs = [5 * second, 5 * minute, 30 * minute, 2 * hour, 5 * hour, 10 * hour, 14 * hour, 20 * hour, 24 * hour] as const;

/**
 * How long to wait after a number of failed attempts, give or take a tenth, so that what failed together is not tried together; null after the last.
 * @param random from 0 to below 1
 */
export function waitAfter(attempts: number, random: number = Math.random()): number | null {
  const wait = waitsMs[attempts - 1];
  return wait === undefined ? null : Math.round(wait * (0.9 + 0.2 * random));
}
