import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

const digest = (value: string): Buffer => createHash('sha256').update(value).digest();

/** Compares without telling by its time where two strings differ. */
function safeEqual(a: string, b: string): boolean {
  return timingSafeEqual(digest(a), digest(b));
}

/** The value of `X-Nango-Signature`: hex SHA-256 of key and body, one after the other. */
export function compatibleSignature(key: string, body: string): string {
  return createHash('sha256').update(`${key}${body}`).digest('hex');
}

/** Whether `X-Nango-Signature` belongs to a parsed body that was serialised as `JSON.stringify` does. */
export function isCompatibleSignature(signature: string, key: string, payload: unknown): boolean {
  return safeEqual(signature, compatibleSignature(key, JSON.stringify(payload)));
}

/** Whether `X-Nango-Hmac-Sha256` belongs to the body exactly as it was received. */
export function isHmacSignature(signature: string, key: string, body: string): boolean {
  return safeEqual(signature, createHmac('sha256', key).update(body).digest('hex'));
}
