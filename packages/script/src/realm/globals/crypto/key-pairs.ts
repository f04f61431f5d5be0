import { Buffer } from 'buffer/index.js';
import type { Host } from '../../host.js';
import { decoded } from './bytes.js';
import { type KeyArgument, keyArgument, KeyObject, makeKeys } from './key-object.js';
import { asCallback } from './random.js';

type Encoding = { format?: string; type?: string };
type PairOptions = { modulusLength?: number; publicExponent?: number; namedCurve?: string; publicKeyEncoding?: Encoding; privateKeyEncoding?: Encoding };
type Pair = { publicKey: unknown; privateKey: unknown };
type Later = (step: () => void) => void;

/** New keys, and secrets that two keys share. */
export function makeKeyPairs(host: Host, later: Later, randomBytes: (size: number) => Buffer) {
  const { createPrivateKey, createPublicKey } = makeKeys(host);
  const secret = (_type: string, { length }: { length: number }): KeyObject =>
    new KeyObject(host, 'secret', randomBytes(Math.floor(length / 8)).toString('base64'));
  const pair = (type: string, options: PairOptions = {}): Pair => {
    const { modulusLength, publicExponent, namedCurve, publicKeyEncoding, privateKeyEncoding } = options;
    const made = host.compute<{ publicKey: string; privateKey: string }>('crypto.generateKeyPair', { type, modulusLength, publicExponent, namedCurve });
    const [publicKey, privateKey] = [createPublicKey(made.publicKey), createPrivateKey(made.privateKey)];
    return {
      publicKey: publicKeyEncoding ? publicKey.export(publicKeyEncoding) : publicKey,
      privateKey: privateKeyEncoding ? privateKey.export(privateKeyEncoding) : privateKey,
    };
  };
  return {
    generateKeyPairSync: pair,
    generateKeyPair: (type: string, options: PairOptions, done: unknown) => {
      const tell = asCallback<unknown>(done) as (error: unknown, publicKey?: unknown, privateKey?: unknown) => void;
      later(() => {
        let made: Pair;
        try {
          made = pair(type, options);
        } catch (error) {
          return tell(error);
        }
        tell(null, made.publicKey, made.privateKey);
      });
    },
    generateKeySync: secret,
    generateKey: (type: string, options: { length: number }, done: unknown) => {
      const tell = asCallback<KeyObject>(done);
      later(() => tell(null, secret(type, options)));
    },
    diffieHellman: ({ privateKey, publicKey }: { privateKey: unknown; publicKey: unknown }) => {
      const keys: Record<string, KeyArgument> = { privateKey: keyArgument(privateKey), publicKey: keyArgument(publicKey) };
      return decoded(host.compute('crypto.diffieHellman', keys));
    },
  };
}
