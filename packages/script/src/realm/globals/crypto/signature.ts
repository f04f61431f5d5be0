import type { Host } from '../../host.js';
import { base64, type Data, decoded } from './bytes.js';
import { Collector } from './digest.js';
import { keyArgument } from './key-object.js';
import type { Answer, Done } from './random.js';

type Sign = (data: string, key: unknown) => string;
type Check = (data: string, key: unknown, signature: string) => boolean;

class Signer extends Collector {
  readonly #sign: Sign;

  constructor(sign: Sign) {
    super();
    this.#sign = sign;
  }

  sign(key: unknown, encoding?: string): unknown {
    return decoded(this.#sign(this.collected(), key), encoding);
  }
}

class Verifier extends Collector {
  readonly #check: Check;

  constructor(check: Check) {
    super();
    this.#check = check;
  }

  verify(key: unknown, signature: Data, encoding?: string): boolean {
    return this.#check(this.collected(), key, base64(signature, encoding));
  }
}

/** Signatures, built up or in one go; an algorithm of null leaves the choice to the key. */
export function makeSignatures(host: Host, answer: Answer) {
  const signer =
    (algorithm: string | null): Sign =>
    (data, key) =>
      host.compute('crypto.sign', { algorithm, data, key: keyArgument(key) });
  const checker =
    (algorithm: string | null): Check =>
    (data, key, signature) =>
      host.compute('crypto.verify', { algorithm, data, signature, key: keyArgument(key) });
  return {
    createSign: (algorithm: string) => new Signer(signer(algorithm)),
    createVerify: (algorithm: string) => new Verifier(checker(algorithm)),
    sign: (algorithm: string | null | undefined, data: Data, key: unknown, done?: Done<unknown>) =>
      answer(done, () => decoded(signer(algorithm ?? null)(base64(data), key))),
    verify: (algorithm: string | null | undefined, data: Data, ...[key, signature, done]: [unknown, Data, Done<boolean>?]) =>
      answer(done, () => checker(algorithm ?? null)(base64(data), key, base64(signature))),
  };
}
