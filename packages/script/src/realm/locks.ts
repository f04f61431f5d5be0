import { NangoError } from './error/nango-error.js';
import { askPlatform } from './platform.js';
import type { Run } from './run.js';

const maxTtlMs = 86_400_000;

/** Takes a lock among the runs of this connection, or prolongs it; false while another run holds it. */
export async function tryAcquireLock(run: Run, { key, ttlMs }: { key: string; ttlMs: number }): Promise<boolean> {
  const ttl = Math.trunc(Number(ttlMs));
  if (!(ttl >= 1 && ttl <= maxTtlMs)) throw new NangoError('script_internal_error', `ttlMs must be 1 to ${maxTtlMs} milliseconds`);
  return askPlatform(run, 'acquireLock', { key: checked(key), ttlMs: ttl });
}

/** Answers whether this run held it. */
export async function releaseLock(run: Run, { key }: { key: string }): Promise<boolean> {
  return askPlatform(run, 'releaseLock', { key: checked(key) });
}

function checked(key: unknown): string {
  if (typeof key === 'string' && key.length > 0 && key.length <= 255) return key;
  throw new NangoError('script_internal_error', 'A lock needs a key of 1 to 255 characters');
}
