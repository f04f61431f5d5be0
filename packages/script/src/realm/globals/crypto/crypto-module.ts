import type { Host } from '../../host.js';
import { base64, type Data, decoded } from './bytes.js';
import { makeCiphers } from './cipher.js';
import { makeDerivations } from './derive.js';
import { Digest } from './digest.js';
import { KeyObject, makeKeys, secretBytes } from './key-object.js';
import { makeKeyPairs } from './key-pairs.js';
import { type Answer, makeRandom } from './random.js';
import { makeSignatures } from './signature.js';
import { unavailableFunction } from './unavailable-function.js';
import { makeSubtle } from './web-crypto.js';

/** What `node:crypto` has beyond this. Each of them says so when it is called. */
const missing = `
  createECDH createDiffieHellman createDiffieHellmanGroup getDiffieHellman generatePrime generatePrimeSync checkPrime checkPrimeSync argon2
  argon2Sync encapsulate decapsulate setEngine setFips secureHeapUsed createMac getMacs parsePKCS12 X509Certificate Certificate ECDH
  DiffieHellman createCipher createDecipher
`
  .trim()
  .split(/\s+/);

/**
 * `node:crypto` as scripts have it: what needs neither files nor the network. Computed by the host on text alone; an object
 * of the host never gets here.
 *
 * @param later runs a callback in a turn of its own
 */
export function makeCrypto(host: Host, later: (step: () => void) => void): Record<string, unknown> {
  const answer = answering(later);
  const random = makeRandom(host, answer);
  const { randomUUID, getRandomValues } = random;
  const subtle = makeSubtle(host);
  const names = (of: string) => () => host.compute<string[]>('crypto.names', { of });
  return {
    ...Object.fromEntries(missing.map((name) => [name, unavailableFunction(`crypto.${name}`, 'it has ciphers, digests, signatures, keys and randomness')])),
    createHash: (algorithm: string, options?: { outputLength?: number }) =>
      new Digest((data) => host.compute('crypto.hash', { algorithm, data, outputLength: options?.outputLength })),
    createHmac: (algorithm: string, key: unknown) => new Digest((data) => host.compute('crypto.hmac', { algorithm, key: secretBytes(key), data })),
    hash: (algorithm: string, data: Data, encoding = 'hex') => decoded(host.compute('crypto.hash', { algorithm, data: base64(data) }), encoding),
    ...makeSignatures(host, answer),
    ...makeCiphers(host),
    ...makeDerivations(host, answer),
    ...makeKeys(host),
    ...makeKeyPairs(host, later, (size) => random.randomBytes(size)!), // without a callback the bytes are answered
    ...random,
    KeyObject,
    timingSafeEqual,
    getHashes: names('hashes'),
    getCiphers: names('ciphers'),
    getCurves: names('curves'),
    getCipherInfo: (name: string | number) => host.compute('crypto.cipherInfo', { name }) ?? undefined,
    getFips: () => 0,
    get constants() {
      return host.compute('crypto.names', { of: 'constants' });
    },
    subtle,
    webcrypto: { subtle, randomUUID, getRandomValues },
  };
}

/** Computes at once for a caller without a callback; for one with a callback in a later turn, errors included. */
function answering(later: (step: () => void) => void): Answer {
  return (done, compute) => {
    if (done === undefined) return compute();
    later(() => {
      let value: ReturnType<typeof compute>;
      try {
        value = compute();
      } catch (error) {
        return done(error instanceof Error ? error : new Error('The computation failed'));
      }
      done(null, value);
    });
    return undefined;
  };
}

function timingSafeEqual(a: Uint8Array, b: Uint8Array): boolean {
  if (a.byteLength !== b.byteLength) throw new RangeError('Input buffers must have the same byte length');
  let difference = 0;
  for (let index = 0; index < a.byteLength; index++) difference |= (a[index] ?? 0) ^ (b[index] ?? 0);
  return difference === 0;
}
