import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { Sealer } from '../record/sealer.js';

/** A sealer with one key in memory, as strict as the vault about environment and purpose. */
export function aSealer(): Sealer & { opened: number } {
  const key = randomBytes(32);
  const sealer = {
    opened: 0,
    async seal(environmentId: number, purpose: string, plain: Uint8Array): Promise<Uint8Array> {
      const iv = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(aad(environmentId, purpose));
      return Buffer.concat([iv, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
    },
    async open(environmentId: number, purpose: string, sealed: Uint8Array): Promise<Uint8Array> {
      sealer.opened++;
      const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12)).setAAD(aad(environmentId, purpose));
      decipher.setAuthTag(sealed.subarray(-16));
      return Buffer.concat([decipher.update(sealed.subarray(12, -16)), decipher.final()]);
    },
  };
  return sealer;
}

function aad(environmentId: number, purpose: string): Buffer {
  return Buffer.from(`${environmentId}|${purpose}`);
}
