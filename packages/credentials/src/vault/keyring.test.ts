import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { keyringFrom } from './keyring.js';

it('takes 32 bytes in base64 or base64url and names the key after itself', () => {
  const key = randomBytes(32);
  const ring = keyringFrom(key.toString('base64'));
  expect(keyringFrom(key.toString('base64url')).currentId).toBe(ring.currentId);
  expect(keyringFrom(randomBytes(32).toString('base64')).currentId).not.toBe(ring.currentId);
});

it.each([
  [undefined, 'is not set'],
  ['', 'is not set'],
  [randomBytes(16).toString('base64'), 'holds 16 bytes'],
  [randomBytes(33).toString('base64'), 'holds 33 bytes'],
  ['not base64 at all!', 'is not base64'],
])('refuses the key %s', (key, problem) => {
  expect(() => keyringFrom(key)).toThrow(problem);
  expect(() => keyringFrom(key)).toThrow(expect.objectContaining({ code: 'invalid_encryption_key' }));
});

it('does not repeat the key in its error', () => {
  const key = randomBytes(31).toString('base64');
  expect(() => keyringFrom(key)).not.toThrow(key);
});
