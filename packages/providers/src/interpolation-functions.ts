import { createHash, createHmac, createPrivateKey, type KeyObject, sign } from 'node:crypto';

type OfText = (text: string) => string;
type OfTextAndKey = (text: string, key: string) => string;

const ofText: Record<string, OfText> = {
  base64: (text) => Buffer.from(text).toString('base64'),
  sha256Hex: (text) => createHash('sha256').update(text).digest('hex'),
  sha256Base64: (text) => createHash('sha256').update(text).digest('base64'),
};

const ofTextAndKey: Record<string, OfTextAndKey> = {
  hmacSha1Hex: (text, key) => createHmac('sha1', key).update(text).digest('hex'),
  hmacSha1Base64: (text, key) => createHmac('sha1', key).update(text).digest('base64'),
  hmacSha256Hex: (text, key) => createHmac('sha256', key).update(text).digest('hex'),
  hmacSha256Base64: (text, key) => createHmac('sha256', key).update(text).digest('base64'),
  hmacSha512Hex: (text, key) => createHmac('sha512', key).update(text).digest('hex'),
  ed25519Sign: (text, key) => sign(null, Buffer.from(text), ed25519Key(key)).toString('base64'),
};

/**
 * What a function of the catalogue makes of its argument, a template: `base64(text)`, `sha256Hex(text)`, and with the key as the last
 * argument `hmacSha256Hex(text, key)`, `ed25519Sign(text, key)`. Nothing for a function that is unknown, or an argument that lacks a value.
 */
export function applyFunction(name: string, argument: string, fill: (template: string) => string | undefined): string | undefined {
  const plain = Object.hasOwn(ofText, name) ? ofText[name] : undefined;
  if (plain) return whenKnown(fill(argument), plain);
  const keyed = Object.hasOwn(ofTextAndKey, name) ? ofTextAndKey[name] : undefined;
  const split = keyed ? lastComma(argument) : -1;
  if (!keyed || split === -1) return undefined;
  const key = fill(argument.slice(split + 1).trim());
  return key === undefined ? undefined : whenKnown(fill(argument.slice(0, split)), (text) => keyed(text, key));
}

function whenKnown(text: string | undefined, then: OfText): string | undefined {
  return text === undefined ? undefined : then(text);
}

/** Where the key begins: at the last comma of the template itself, not of a placeholder in it. */
function lastComma(argument: string): number {
  let depth = 0;
  for (let at = argument.length - 1; at >= 0; at--) {
    if (argument[at] === '}') depth++;
    else if (argument[at] === '{') depth--;
    else if (argument[at] === ',' && depth === 0) return at;
  }
  return -1;
}

/** A private key as PEM, or its 32 bytes in base64 or hex. */
function ed25519Key(text: string): KeyObject {
  if (text.includes('-----BEGIN')) return createPrivateKey(text.replaceAll('\\n', '\n'));
  const seed = Buffer.from(text, /^[0-9a-f]{64}$/i.test(text) ? 'hex' : 'base64').subarray(0, 32);
  // The head of every PKCS #8 key of Ed25519 (RFC 8410).
  return createPrivateKey({ key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]), format: 'der', type: 'pkcs8' });
}
