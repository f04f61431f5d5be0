/** How the end of a token is told: `expireAt` a moment, `expireIn` a time from now in `unit`, seconds unless said otherwise. */
export type ToldEnd = { strategy: 'expireAt' | 'expireIn' | undefined; unit: 'seconds' | 'milliseconds' | undefined; receivedAt: Date };

const maxLifeMs = 100 * 365 * 24 * 60 * 60 * 1000;
/** Later than 2001 as seconds; longer than 30 years as a life. */
const leastMoment = 1e9;

/** The end of a token. Nothing where it is not told, or has passed already: such a token would be renewed for every call. */
export function expiryOf(value: unknown, { strategy, unit, receivedAt }: ToldEnd): Date | undefined {
  const number = typeof value === 'number' ? value : typeof value === 'string' && /^\s*\d+(\.\d+)?\s*$/.test(value) ? Number(value) : undefined;
  const isLife = strategy === undefined ? number !== undefined && number < leastMoment : strategy === 'expireIn';
  const at = isLife ? receivedAt.getTime() + (number ?? Number.NaN) * (unit === 'milliseconds' ? 1 : 1000) : momentOf(number, value);
  return at > receivedAt.getTime() ? new Date(Math.min(at, receivedAt.getTime() + maxLifeMs)) : undefined;
}

/** Seconds or milliseconds since 1970, or a date as text. */
function momentOf(number: number | undefined, value: unknown): number {
  if (number !== undefined) return number < 1e11 ? number * 1000 : number;
  return typeof value === 'string' ? Date.parse(value) : Number.NaN;
}
