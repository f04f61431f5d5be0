import { createHash, randomUUID, timingSafeEqual } from 'node:crypto';

/** A new environment key: UUID v4, the form that every existing client accepts. */
export function newKey(): string {
  return randomUUID();
}

/** What is stored and looked up instead of a key. Keys have 122 random bits, so a slow hash would add nothing. */
export function hashKey(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}

/** Compares secrets in constant time, whatever their lengths. */
export function safeEqual(one: string | Uint8Array, other: string | Uint8Array): boolean {
  const digest = (value: string | Uint8Array): Buffer => createHash('sha256').update(value).digest();
  return timingSafeEqual(digest(one), digest(other));
}
