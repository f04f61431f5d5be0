import type { Host } from '../../host.js';
import { base64, type Data, toArrayBuffer } from './bytes.js';
import { unavailableFunction } from './unavailable-function.js';

const others = ['encrypt', 'decrypt', 'sign', 'verify', 'generateKey', 'deriveKey', 'deriveBits', 'importKey', 'exportKey', 'wrapKey', 'unwrapKey'];

/** `crypto.subtle`: digests alone. */
export function makeSubtle(host: Host): Record<string, unknown> {
  const digest = async (algorithm: string | { name: string }, data: Data): Promise<ArrayBuffer> => {
    const name = typeof algorithm === 'string' ? algorithm : algorithm.name;
    return toArrayBuffer(host.compute('crypto.hash', { algorithm: name.replace(/^sha-/i, 'sha'), data: base64(data) }));
  };
  const instead = "use the module 'crypto', which has createHmac, createSign, createCipheriv and others";
  return { digest, ...Object.fromEntries(others.map((name) => [name, unavailableFunction(`crypto.subtle.${name}`, instead)])) };
}
