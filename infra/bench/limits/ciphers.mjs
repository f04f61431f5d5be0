import { createCipheriv, createHash, randomBytes } from 'node:crypto';

const rounds = 100_000;
const body = 'x'.repeat(290);

/** Records of 290 bytes sealed and hashed one at a time, per second. */
export function cipherSpeeds() {
  const key = randomBytes(32);
  return {
    aes_gcm_300B_per_s: speed(() => {
      const cipher = createCipheriv('aes-256-gcm', key, randomBytes(12));
      cipher.update(body);
      cipher.final();
      cipher.getAuthTag();
    }),
    sha256_300B_per_s: speed(() => createHash('sha256').update(body).digest()),
  };
}

function speed(work) {
  const startedAt = performance.now();
  for (let count = 0; count < rounds; count++) work();
  return Math.round((rounds / (performance.now() - startedAt)) * 1000);
}
