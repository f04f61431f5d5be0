import { expect, it } from 'vitest';
import { hashKey, newKey, safeEqual } from './keys.js';
import { hashPassword, verifyPassword } from './password.js';

it('makes keys of UUID form, each its own', () => {
  expect(newKey()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(newKey()).not.toBe(newKey());
});

it('hashes a key with SHA-256', () => {
  expect(hashKey('abc').toString('hex')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});

it('compares texts and bytes of any length', () => {
  expect(safeEqual('secret', 'secret')).toBe(true);
  expect(safeEqual('secret', Buffer.from('secret'))).toBe(true);
  expect(safeEqual('secret', 'secret!')).toBe(false);
  expect(safeEqual('', 'x')).toBe(false);
});

it('knows a password by its hash, and salts each', async () => {
  const hashed = await hashPassword('correct horse');
  expect(hashed).not.toContain('correct');
  expect(await verifyPassword('correct horse', hashed)).toBe(true);
  expect(await verifyPassword('correct hors', hashed)).toBe(false);
  expect(await hashPassword('correct horse')).not.toBe(hashed);
});

it.each(['', 'plain', 'scrypt$', 'scrypt$16384$8$5$AAAA$AAAA', 'bcrypt$16384$8$5$AAAA$AAAA'])('refuses %s as a hash', async (hashed) => {
  expect(await verifyPassword('', hashed)).toBe(false);
});
