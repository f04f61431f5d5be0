import { createHmac, timingSafeEqual } from 'node:crypto';
import { AppError } from 'model';

/** A signature to check: HMAC-SHA256 of `signed`, written as `given`. */
export type HmacSignature = { secret: string | Uint8Array | null; signed: string | Uint8Array; given: string | null; encoding: 'hex' | 'base64' };

/** Refuses what is not signed with the secret. Without a secret nothing can be: then everything is refused. */
export function requireHmac({ secret, signed, given, encoding }: HmacSignature): void {
  if (!secret?.length) throw new AppError('webhook_invalid_signature', { message: 'This integration has no webhook secret, so no webhook can be trusted' });
  if (!given) throw new AppError('webhook_missing_signature', { message: 'The webhook is not signed' });
  if (!isSame(createHmac('sha256', secret).update(signed).digest(encoding), given)) throw invalidSignature();
}

/** Refuses a signed time that is too far away: somebody repeats what they have overheard. */
export function requireRecent(timestampMs: number, now: Date, toleranceMs: number): void {
  // Also false for what is no number.
  if (!(Math.abs(now.getTime() - timestampMs) <= toleranceMs))
    throw new AppError('webhook_invalid_signature', { message: 'The time that the webhook was signed at is too far away' });
}

/** The error for a signature that another secret or body made. */
export const invalidSignature = (): AppError => new AppError('webhook_invalid_signature', { message: 'The signature does not fit the webhook' });

/** Compares in a time that tells nothing of where they differ. */
export function isSame(expected: string, given: string): boolean {
  const [ours, theirs] = [Buffer.from(expected), Buffer.from(given)];
  return ours.length === theirs.length && timingSafeEqual(ours, theirs);
}
