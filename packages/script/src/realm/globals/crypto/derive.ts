import type { Host } from '../../host.js';
import { base64, type Data, decoded, toArrayBuffer } from './bytes.js';
import { secretBytes } from './key-object.js';
import { type Answer, asCallback } from './random.js';

type ScryptOptions = Partial<Record<'N' | 'cost' | 'r' | 'blockSize' | 'p' | 'parallelization' | 'maxmem', number>>;
type Pbkdf2 = [password: Data, salt: Data, iterations: number, size: number, algorithm: string];
type Hkdf = [algorithm: string, key: unknown, salt: Data, info: Data, size: number];

/** Keys made of passwords and of other keys. The forms with a callback answer in a later turn, computed just the same. */
export function makeDerivations(host: Host, answer: Answer) {
  const pbkdf2 = (...[password, salt, iterations, size, algorithm]: Pbkdf2) =>
    decoded(host.compute('crypto.pbkdf2', { password: base64(password), salt: base64(salt), iterations, size, algorithm }));
  const scrypt = (password: Data, salt: Data, size: number, options: ScryptOptions = {}) => {
    const { N = options.cost, r = options.blockSize, p = options.parallelization, maxmem } = options;
    return decoded(host.compute('crypto.scrypt', { password: base64(password), salt: base64(salt), size, N, r, p, maxmem }));
  };
  const hkdf = (...[algorithm, key, salt, info, size]: Hkdf) =>
    toArrayBuffer(host.compute('crypto.hkdf', { algorithm, key: secretBytes(key), salt: base64(salt), info: base64(info), size }));
  return {
    pbkdf2Sync: pbkdf2,
    pbkdf2: (...args: [...Pbkdf2, done: unknown]) => {
      const [password, salt, iterations, size, algorithm, done] = args;
      return answer(asCallback(done), () => pbkdf2(password, salt, iterations, size, algorithm));
    },
    scryptSync: scrypt,
    scrypt: (password: Data, salt: Data, size: number, ...rest: [ScryptOptions, unknown] | [unknown]) => {
      const options = rest.length > 1 ? (rest[0] as ScryptOptions) : {};
      return answer(asCallback(rest.at(-1)), () => scrypt(password, salt, size, options));
    },
    hkdfSync: hkdf,
    hkdf: (...args: [...Hkdf, done: unknown]) => {
      const [algorithm, key, salt, info, size, done] = args;
      return answer(asCallback(done), () => hkdf(algorithm, key, salt, info, size));
    },
  };
}
