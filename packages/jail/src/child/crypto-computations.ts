import type { KeyObject } from 'node:crypto';
import type { CryptoComputation } from 'script';
import { Ciphers } from './ciphers.js';
import { keyInput } from './key-input.js';

/** What a realm asks with: JSON that the script may have bent. Each value is made what it has to be where it is used. */
export type Arguments = Record<string, unknown>;

// Loaded when a script first asks: it costs every start of a jail 8 ms otherwise. Taken before the process is closed.
const { getBuiltinModule } = process;
const crypto = () => getBuiltinModule('node:crypto');

/** Memory of `scrypt` where a script names no other, as Node has it; and the most that one may name. */
const maxScryptBytes = 256 * 1024 * 1024;

/** Randomness of the operating system. */
export function randomHex(size: number): string {
  return crypto().randomBytes(size).toString('hex');
}

/** Computations whose results differ from one time to the next. */
export const randomComputations: ReadonlySet<string> = new Set<CryptoComputation>([
  'crypto.sign',
  'crypto.publicEncrypt',
  'crypto.generateKeyPair',
  'crypto.key.export',
]);

/** The cryptography of one realm. */
export function cryptoComputations(): Record<CryptoComputation, (args: Arguments) => unknown> {
  const ciphers = new Ciphers();
  return {
    'crypto.hash': ({ algorithm, data, outputLength }) =>
      crypto()
        .createHash(String(algorithm), outputLength === undefined ? {} : { outputLength: Number(outputLength) })
        .update(bytes(data))
        .digest('base64'),
    'crypto.hmac': ({ algorithm, key, data }) => crypto().createHmac(String(algorithm), bytes(key)).update(bytes(data)).digest('base64'),
    'crypto.sign': sign,
    'crypto.verify': verify,
    'crypto.pbkdf2': ({ password, salt, iterations, size, algorithm }) =>
      crypto().pbkdf2Sync(bytes(password), bytes(salt), Number(iterations), Number(size), String(algorithm)).toString('base64'),
    'crypto.scrypt': scrypt,
    'crypto.hkdf': ({ algorithm, key, salt, info, size }) =>
      Buffer.from(crypto().hkdfSync(String(algorithm), bytes(key), bytes(salt), bytes(info), Number(size))).toString('base64'),
    'crypto.key': ({ kind, key }) => describeKey(kind === 'private' ? crypto().createPrivateKey(keyInput(key)) : crypto().createPublicKey(keyInput(key))),
    'crypto.key.export': exportKey,
    'crypto.generateKeyPair': generateKeyPair,
    'crypto.diffieHellman': ({ privateKey, publicKey }) =>
      crypto()
        .diffieHellman({ privateKey: crypto().createPrivateKey(keyInput(privateKey)), publicKey: crypto().createPublicKey(keyInput(publicKey)) })
        .toString('base64'),
    'crypto.cipher.open': (args) => ciphers.open(args),
    'crypto.cipher.step': (args) => ciphers.step(args),
    'crypto.publicEncrypt': ({ key, data }) => crypto().publicEncrypt(keyInput(key), bytes(data)).toString('base64'),
    'crypto.rsa': ({ operation, key, data }) => crypto()[rsaOperation(operation)](keyInput(key), bytes(data)).toString('base64'),
    'crypto.names': ({ of }) => namesOf(of),
    'crypto.cipherInfo': ({ name }) => crypto().getCipherInfo(String(name)) ?? null,
  };
}

function sign({ algorithm, data, key }: Arguments): string {
  if (algorithm === null) return crypto().sign(null, bytes(data), keyInput(key)).toString('base64');
  return crypto().createSign(String(algorithm)).update(bytes(data)).sign(keyInput(key), 'base64');
}

function verify({ algorithm, data, key, signature }: Arguments): boolean {
  if (algorithm === null) return crypto().verify(null, bytes(data), keyInput(key), bytes(signature));
  return crypto().createVerify(String(algorithm)).update(bytes(data)).verify(keyInput(key), bytes(signature));
}

function scrypt({ password, salt, size, N, r, p, maxmem }: Arguments): string {
  const given = Object.entries({ N, r, p, maxmem }).flatMap(([name, value]) => (value === undefined ? [] : [[name, Number(value)] as const]));
  const options: Record<string, number> = Object.fromEntries(given);
  if ((options['maxmem'] ?? 0) > maxScryptBytes) throw new RangeError(`The most memory that scrypt may take here is ${maxScryptBytes} bytes`);
  return crypto().scryptSync(bytes(password), bytes(salt), Number(size), options).toString('base64');
}

/** Only its text leaves; a detail that JSON cannot hold is left out. */
function describeKey(key: KeyObject): Record<string, unknown> {
  const { publicExponent: _, ...details } = key.asymmetricKeyDetails ?? {};
  const pem = key.export({ type: key.type === 'private' ? 'pkcs8' : 'spki', format: 'pem' });
  return { pem, asymmetricKeyType: key.asymmetricKeyType, asymmetricKeyDetails: details };
}

function exportKey({ kind, pem, format, type, cipher, passphrase }: Arguments): Record<string, unknown> {
  const key = kind === 'private' ? crypto().createPrivateKey(String(pem)) : crypto().createPublicKey(String(pem));
  if (format === 'jwk') return { jwk: key.export({ format }) };
  const encrypted = cipher === undefined ? {} : { cipher: String(cipher), passphrase: String(passphrase) };
  const encoding = { type: String(type ?? (kind === 'private' ? 'pkcs8' : 'spki')) as 'pkcs8', ...encrypted };
  // Node refuses a type or a format that the key cannot be written in.
  return format === 'der' ? { bytes: key.export({ ...encoding, format: 'der' }).toString('base64') } : { text: key.export({ ...encoding, format: 'pem' }) };
}

function generateKeyPair({ type, modulusLength, publicExponent, namedCurve }: Arguments): Record<string, string> {
  const options = Object.entries({ modulusLength, publicExponent, namedCurve }).filter(([, value]) => value !== undefined);
  const encodings = { publicKeyEncoding: { type: 'spki', format: 'pem' }, privateKeyEncoding: { type: 'pkcs8', format: 'pem' } };
  // Node checks the type and its options; `rsa` stands for all of them.
  const wanted = { ...Object.fromEntries(options), ...encodings } as unknown as { modulusLength: number };
  const { publicKey, privateKey } = crypto().generateKeyPairSync(String(type) as 'rsa', wanted);
  return { publicKey: String(publicKey), privateKey: String(privateKey) };
}

function rsaOperation(name: unknown): 'privateDecrypt' | 'privateEncrypt' | 'publicDecrypt' {
  if (name === 'privateDecrypt' || name === 'privateEncrypt' || name === 'publicDecrypt') return name;
  throw new TypeError('RSA has no such operation');
}

function namesOf(what: unknown): unknown {
  if (what === 'constants') return crypto().constants;
  if (what === 'hashes') return crypto().getHashes();
  return what === 'curves' ? crypto().getCurves() : crypto().getCiphers();
}

function bytes(base64: unknown): Buffer {
  return Buffer.from(typeof base64 === 'string' ? base64 : '', 'base64');
}
