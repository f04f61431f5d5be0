import type { CipherGCM, DecipherGCM } from 'node:crypto';

// Taken before the process is closed; the module itself is loaded when a script first asks.
const { getBuiltinModule } = process;

/** More at once only come from a script that finishes none. */
const maxOpen = 1_000;

type Text = string | null | undefined;
type Opening = { decrypts?: boolean; algorithm?: string; key?: Text; iv?: Text; authTagLength?: number };
type Step = { id?: number; step?: string; data?: Text; padding?: boolean; plaintextLength?: number };
type Finished = { data: string; tag: string | null };

/** Ciphers that a realm has under way. They never reach it: it has their numbers. */
export class Ciphers {
  readonly #open = new Map<number, CipherGCM | DecipherGCM>();
  #lastId = 0;

  open({ decrypts, algorithm, key, iv, authTagLength }: Opening): number {
    if (this.#open.size >= maxOpen) throw new RangeError(`At most ${maxOpen} ciphers may be under way; call final() on those that are done`);
    const { createCipheriv, createDecipheriv } = getBuiltinModule('node:crypto');
    const name = String(algorithm) as 'aes-256-gcm'; // stands for all of them: what other kinds do not have throws
    const options = authTagLength === undefined ? {} : { authTagLength };
    const vector = iv === null || iv === undefined ? null : bytes(iv);
    // Ciphers without a vector take null, which the types of the authenticated ones do not say.
    const args = [name, bytes(key), vector as Buffer, options] as const;
    this.#open.set(++this.#lastId, decrypts === true ? createDecipheriv(...args) : createCipheriv(...args));
    return this.#lastId;
  }

  step({ id, step, data, padding, plaintextLength }: Step): string | Finished | null {
    const cipher = this.#open.get(Number(id));
    if (!cipher) throw new Error('The cipher is finished');
    if (step === 'update') return cipher.update(bytes(data)).toString('base64');
    if (step === 'final') return this.#finish(Number(id), cipher);
    if (step === 'autoPadding') cipher.setAutoPadding(padding);
    else if (step === 'aad') cipher.setAAD(bytes(data), plaintextLength === undefined ? undefined : { plaintextLength });
    else if (step === 'authTag' && 'setAuthTag' in cipher) cipher.setAuthTag(bytes(data));
    else throw new TypeError('A cipher has no such step');
    return null;
  }

  #finish(id: number, cipher: CipherGCM | DecipherGCM): Finished {
    this.#open.delete(id);
    const data = cipher.final().toString('base64');
    return { data, tag: 'getAuthTag' in cipher ? tagOf(cipher) : null };
  }
}

/** Ciphers that authenticate nothing have the method, and throw. */
function tagOf(cipher: CipherGCM): string | null {
  try {
    return cipher.getAuthTag().toString('base64');
  } catch {
    return null;
  }
}

function bytes(base64: Text): Buffer {
  return Buffer.from(base64 ?? '', 'base64');
}
