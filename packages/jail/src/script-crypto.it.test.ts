import * as node from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { errorOf, output, ownPool } from './test/run-script.js';

ownPool();

const key = Buffer.alloc(32, 7);
const iv = Buffer.alloc(16, 9);
const keys = `const crypto = require('node:crypto'); const key = Buffer.alloc(32, 7); const iv = Buffer.alloc(16, 9);`;
const rsa = node.generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});

describe('ciphers in scripts', () => {
  it('encrypt and decrypt as those of Node, piece by piece', async () => {
    const body = `${keys}
      const cipher = crypto.createCipheriv('aes-256-cbc', key, iv);
      const text = cipher.update('hällo', 'utf8', 'hex') + cipher.update(Buffer.from('wörld! and more than one block')).toString('hex') + cipher.final('hex');
      const back = crypto.createDecipheriv('aes-256-cbc', crypto.createSecretKey(key), iv);
      return [text, back.update(text, 'hex', 'utf8') + back.final('utf8')]`;
    const cipher = node.createCipheriv('aes-256-cbc', key, iv);
    const text = cipher.update('hällo', 'utf8', 'hex') + cipher.update(Buffer.from('wörld! and more than one block')).toString('hex') + cipher.final('hex');
    expect(await output(body)).toEqual([text, 'hällowörld! and more than one block']);
  });

  it('authenticate, and refuse what was changed', async () => {
    const body = `${keys}
      const cipher = crypto.createCipheriv('aes-256-gcm', key, iv.subarray(0, 12));
      cipher.setAAD(Buffer.from('header'));
      const text = Buffer.concat([cipher.update('secret'), cipher.final()]);
      const open = (tag, header) => { const back = crypto.createDecipheriv('aes-256-gcm', key, iv.subarray(0, 12)); back.setAAD(Buffer.from(header)).setAuthTag(tag); return back.update(text, undefined, 'utf8') + back.final('utf8') };
      let refusal = null; try { open(cipher.getAuthTag(), 'other') } catch (error) { refusal = [error.constructor === TypeError, error.message] }
      return [text.toString('hex'), cipher.getAuthTag().toString('hex'), open(cipher.getAuthTag(), 'header'), refusal]`;
    const cipher = node.createCipheriv('aes-256-gcm', key, iv.subarray(0, 12)).setAAD(Buffer.from('header'));
    const text = Buffer.concat([cipher.update('secret'), cipher.final()]);
    expect(await output(body)).toEqual([
      text.toString('hex'),
      cipher.getAuthTag().toString('hex'),
      'secret',
      [true, expect.stringContaining('unable to authenticate')],
    ]);
  });

  it('take no padding when told so, and are over when they are finished', async () => {
    const body = `${keys} const cipher = crypto.createCipheriv('aes-256-ecb', key, null).setAutoPadding(false);
      const text = cipher.update(Buffer.alloc(16), null, 'hex') + cipher.final('hex'); cipher.update('more')`;
    expect((await errorOf(body)).message).toBe('The cipher is finished');
    expect((await errorOf(`${keys} crypto.createCipheriv('rot13', key, iv)`)).message).toMatch(/cipher/i);
  });

  it('are a thousand at most at once', async () => {
    const open = (finish: string) =>
      `${keys} for (let n = 0; n < 1_500; n++) { const cipher = crypto.createCipheriv('aes-256-cbc', key, iv); ${finish} } return 'all'`;
    expect(await output(open('cipher.final()'))).toBe('all');
    expect((await errorOf(open(''))).message).toContain('At most 1000 ciphers');
  });

  it('also are those of RSA', async () => {
    const body = `const crypto = require('crypto'); const { publicKey, privateKey } = input;
      const sealed = crypto.publicEncrypt({ key: publicKey, oaepHash: 'sha256' }, Buffer.from('ü'));
      return [crypto.privateDecrypt({ key: privateKey, oaepHash: 'sha256', padding: crypto.constants.RSA_PKCS1_OAEP_PADDING }, sealed).toString(), crypto.publicDecrypt(publicKey, crypto.privateEncrypt(privateKey, Buffer.from('b'))).toString()]`;
    expect(await output(body, { input: rsa })).toEqual(['ü', 'b']);
  });
});

describe('keys from passwords in scripts', () => {
  it('are those of Node, at once and with a callback', async () => {
    const body = `const crypto = require('crypto'); const { promisify } = require('util');
      const hex = (bytes) => Buffer.from(bytes).toString('hex');
      return [hex(crypto.scryptSync('pw', 'salt', 32)), hex(await promisify(crypto.scrypt)('pw', 'salt', 32, { N: 1024, r: 8, p: 1 })), hex(crypto.pbkdf2Sync('pw', 'salt', 10, 32, 'sha512')), hex(await promisify(crypto.pbkdf2)('pw', 'salt', 10, 32, 'sha512')), hex(crypto.hkdfSync('sha256', 'key', 'salt', 'info', 16)), hex(await promisify(crypto.hkdf)('sha256', 'key', 'salt', 'info', 16))]`;
    const hkdf = Buffer.from(node.hkdfSync('sha256', 'key', 'salt', 'info', 16)).toString('hex');
    const pbkdf2 = node.pbkdf2Sync('pw', 'salt', 10, 32, 'sha512').toString('hex');
    expect(await output(body)).toEqual([
      node.scryptSync('pw', 'salt', 32).toString('hex'),
      node.scryptSync('pw', 'salt', 32, { N: 1024, r: 8, p: 1 }).toString('hex'),
      pbkdf2,
      pbkdf2,
      hkdf,
      hkdf,
    ]);
  });

  it('call back later, with the error where there is one', async () => {
    const body = `const crypto = require('crypto'); const seen = [];
      await new Promise((done) => { crypto.pbkdf2('pw', 'salt', 1, 8, 'none', (error, key) => { seen.push(error instanceof TypeError, key === undefined); done() }); seen.push('returned') });
      await new Promise((done) => crypto.randomBytes(4, (error, bytes) => { seen.push(error, bytes.length); done() }));
      return seen`;
    expect(await output(body)).toEqual(['returned', true, true, null, 4]);
    expect((await errorOf(`require('crypto').scrypt('a', 'b', 8)`)).message).toBe('The callback must be a function');
    expect((await errorOf(`require('crypto').randomBytes(1, () => { throw new Error('mine') }); await new Promise(() => {})`)).message).toBe('mine');
  });

  it('may take the memory that they are made to take', async () => {
    expect(await output(`return require('crypto').scryptSync('a', 'b', 8, { N: 2 ** 16, r: 8, p: 1, maxmem: 2 ** 27 }).toString('hex')`)).toBe(
      node.scryptSync('a', 'b', 8, { N: 2 ** 16, r: 8, p: 1, maxmem: 2 ** 27 }).toString('hex'),
    );
  });

  it('take no more memory than a script may', async () => {
    expect((await errorOf(`require('crypto').scryptSync('a', 'b', 8, { N: 2 ** 21, maxmem: 2 ** 34 })`)).message).toContain('The most memory');
    expect((await errorOf(`require('crypto').scryptSync('a', 'b', 8, { N: 2 ** 21 })`)).message).toMatch(/memory/i);
  });
});

describe('keys in scripts', () => {
  it('are read, told of and written in every form, and never are objects of the host', async () => {
    const body = `const crypto = require('crypto'); const key = crypto.createPrivateKey(input.privateKey); const open = crypto.createPublicKey(key);
      const again = crypto.createPrivateKey({ key: key.export({ format: 'der', type: 'pkcs8' }), format: 'der', type: 'pkcs8' });
      const jwk = open.export({ format: 'jwk' });
      const sealed = key.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'pw' });
      return [key.type, key.asymmetricKeyType, key.asymmetricKeyDetails.modulusLength, open.export({ type: 'spki', format: 'pem' }), again.equals(key), crypto.createPublicKey({ key: jwk, format: 'jwk' }).equals(open), crypto.createPrivateKey({ key: sealed, passphrase: Buffer.from('pw') }).equals(key), key.constructor.constructor === Function, crypto.createSecretKey('ab', 'hex').symmetricKeySize]`;
    expect(await output(body, { input: rsa })).toEqual(['private', 'rsa', 2048, rsa.publicKey, true, true, true, true, 1]);
  });

  it('sign and check in one go, whatever the kind of key', async () => {
    const body = `const crypto = require('crypto'); const { publicKey, privateKey } = crypto.generateKeyPairSync('ed25519');
      const signature = crypto.sign(null, Buffer.from('data'), privateKey);
      const pss = { key: input.privateKey, padding: crypto.constants.RSA_PKCS1_PSS_PADDING, saltLength: 20 };
      const made = crypto.createSign('sha256').update('data').sign(pss, 'base64');
      return [crypto.verify(null, Buffer.from('data'), publicKey, signature), crypto.verify(null, Buffer.from('else'), publicKey, signature), made]`;
    const [right, wrong, pss] = (await output(body, { input: rsa })) as [boolean, boolean, string];
    expect([right, wrong]).toEqual([true, false]);
    const options = { key: rsa.publicKey, padding: node.constants.RSA_PKCS1_PSS_PADDING, saltLength: 20 };
    expect(node.verify('sha256', Buffer.from('data'), options, Buffer.from(pss, 'base64'))).toBe(true);
  });

  it('are made in pairs, and agree on a secret', async () => {
    const body = `const crypto = require('crypto'); const pair = () => new Promise((done) => crypto.generateKeyPair('ec', { namedCurve: 'P-256' }, (error, publicKey, privateKey) => done({ publicKey, privateKey })));
      const [a, b] = [await pair(), await pair()];
      const one = crypto.diffieHellman({ privateKey: a.privateKey, publicKey: b.publicKey }); const other = crypto.diffieHellman({ privateKey: b.privateKey, publicKey: a.publicKey });
      return [one.equals(other), one.length, crypto.generateKeySync('aes', { length: 256 }).symmetricKeySize, await new Promise((done) => crypto.generateKey('hmac', { length: 64 }, (error, key) => done(key.export().length)))]`;
    expect(await output(body)).toEqual([true, 32, 32, 8]);
  });
});

describe('the rest of the module crypto', () => {
  it('has digests that go on from a copy, and end once', async () => {
    const body = `const hash = require('crypto').createHash('sha1').update('a'); const copy = hash.copy().update(new Uint16Array([1, 2]));
      const done = [hash.digest('hex'), copy.digest('hex')]; try { hash.digest() } catch (error) { done.push(error.message) }
      return [...done, require('crypto').createHash('shake128', { outputLength: 4 }).update('a').digest('hex'), Buffer.from(await crypto.subtle.digest('SHA-256', new TextEncoder().encode('a'))).toString('hex')]`;
    const sha1 = () => node.createHash('sha1').update('a');
    expect(await output(body)).toEqual([
      sha1().digest('hex'),
      sha1()
        .update(new Uint16Array([1, 2]))
        .digest('hex'),
      'Digest already called',
      node.createHash('shake128', { outputLength: 4 }).update('a').digest('hex'),
      node.createHash('sha256').update('a').digest('hex'),
    ]);
  });

  it('knows its algorithms and fills buffers', async () => {
    const body = `const crypto = require('crypto'); const part = crypto.randomFillSync(Buffer.alloc(600), 100, 400);
      return [crypto.getHashes().includes('sha256'), crypto.getCiphers().includes('aes-256-gcm'), crypto.getCurves().length > 3, crypto.getCipherInfo('aes-128-cbc').ivLength, part.subarray(0, 100).every((byte) => byte === 0), part.subarray(100, 500).every((byte) => byte === 0), part.subarray(500).every((byte) => byte === 0)]`;
    expect(await output(body)).toEqual([true, true, true, 16, true, false, true]);
  });

  it.each([
    ["require('crypto').createECDH('secp256k1')", 'crypto.createECDH is not available in scripts'],
    ["await crypto.subtle.importKey('raw')", 'crypto.subtle.importKey is not available in scripts'],
  ])('says what it does not have: %s', async (call, message) => {
    expect((await errorOf(call)).message).toContain(message);
  });

  it('has a function or a refusal for everything that Node has', async () => {
    const ours = (await output("return Object.keys(require('crypto'))")) as string[];
    // What makes up the results of functions, and what is old: nobody calls these.
    const ofTypes =
      /^(Cipheriv|Decipheriv|DiffieHellmanGroup|Hash|Hmac|Sign|Verify|createCredentials|diffieHellmanAsync|fips|prng|pseudoRandomBytes|rng|randomUUIDv7|default)$/;
    expect(Object.keys(node).filter((name) => !ours.includes(name) && !ofTypes.test(name))).toEqual([]);
  });
});
