import { createHash, randomUUID, timingSafeEqual } from 'node:crypto';

/** A new environment key: UUID v4, the form that every existing client accepts. */
export function newKey(): string {
  return randomUUID();
}

/** What is stored and looked up instead of a key. Keys have 122 random bits, so a slow hash would add nothing. */
export function hashKey(key: string): Buffer {
  return digestOf(key);
}

/** Compares secrets in constant time, whatever their lengths. */
export function safeEqual(one: string | Uint8Array, other: string | Uint8Array): boolean {
  return timingSafeEqual(digestOf(one), digestOf(other));
}

function digestOf(value: string | Uint8Array): Buffer {
  return createHash('sha256').update(value).digest();
}
