import { createHash, createHmac, createVerify, generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { errorOf, output, ownPool, run } from './test/run-script.js';

ownPool();

describe('what scripts may use of Node', () => {
  it('has URLs as they should be', async () => {
    const body = `const url = new URL('/a/../b?x=1&y=a%20b#h', 'HTTPS://User@Example.com:443/'); url.searchParams.set('x', 'ü&'); url.hash = ''; url.pathname = '/c d';
      return [url.href, url.host, url.port, url.username, url.searchParams.get('y'), String(new URLSearchParams([['a', '1'], ['a', "~'"]])), URL.canParse('nope'), JSON.stringify({ url })]`;
    const url = new URL('/a/../b?x=1&y=a%20b#h', 'HTTPS://User@Example.com:443/');
    url.searchParams.set('x', 'ü&');
    url.hash = '';
    url.pathname = '/c d';
    expect(await output(body)).toEqual([
      url.href,
      url.host,
      url.port,
      url.username,
      'a b',
      String(
        new URLSearchParams([
          ['a', '1'],
          ['a', "~'"],
        ]),
      ),
      false,
      JSON.stringify({ url }),
    ]);
    expect((await errorOf("new URL('no url')")).message).toBe('Invalid URL');
  });

  it('has the digests and signatures of node:crypto', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
      publicKeyEncoding: { type: 'spki', format: 'pem' },
    });
    const body = `const crypto = require('crypto'); const sign = require('node:crypto').createSign('RSA-SHA256'); sign.update('data'); sign.end();
      return [crypto.createHash('md5').update('a').update(Buffer.from('b')).digest('hex'), crypto.createHmac('sha256', 'key').update('ü').digest('base64'), sign.sign(input, 'base64'), crypto.randomBytes(8).length, crypto.timingSafeEqual(Buffer.from('a'), Buffer.from('a')), crypto.randomUUID()]`;
    const answer = (await output(body, { input: privateKey })) as string[];
    expect(answer[0]).toBe(createHash('md5').update('ab').digest('hex'));
    expect(answer[1]).toBe(createHmac('sha256', 'key').update('ü').digest('base64'));
    expect(
      createVerify('RSA-SHA256')
        .update('data')
        .verify(publicKey, answer[2] ?? '', 'base64'),
    ).toBe(true);
    expect(answer.slice(3, 5)).toEqual([8, true]);
    expect(answer[5]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab]/);
  });

  it('has Buffers as they should be', async () => {
    const body = `const b = Buffer.from('héllo wörld', 'utf8'); return [b.toString('base64url'), b.toString('hex'), Buffer.from(b.toString('base64url'), 'base64url').toString(), b.toString('latin1', 0, 3), Buffer.byteLength('ü'), Buffer.concat([b, Buffer.from([1])]).length, b.subarray(0, 2).toString('base64'), Buffer.isEncoding('base64url'), atob(btoa('x')), new TextDecoder().decode(new TextEncoder().encode('ü')), JSON.stringify(Buffer.from('a'))]`;
    const b = Buffer.from('héllo wörld', 'utf8');
    expect(await output(body)).toEqual([
      b.toString('base64url'),
      b.toString('hex'),
      'héllo wörld',
      b.toString('latin1', 0, 3),
      2,
      b.length + 1,
      b.subarray(0, 2).toString('base64'),
      true,
      'x',
      'ü',
      JSON.stringify(Buffer.from('a')),
    ]);
  });

  it('has the zod its scripts were written for, and the newer one by name', async () => {
    const body =
      "const { z } = require('zod'); const newer = require('zod/v4'); return [z.record(z.number()).safeParse({ a: 'x' }).error.errors[0].path, newer.z.email().safeParse('a@b.co').success, require('lodash').get({ a: [{ b: 1 }] }, 'a[0].b'), require('util').format('%s-%d', 'a', 1)]";
    expect(await output(body)).toEqual([['a'], true, 1, 'a-1']);
  });

  it('validates input with it', async () => {
    const body = "const { z } = require('zod'); return (await nango.zodValidateInput({ zodSchema: z.object({ id: z.string() }), input })).data";
    expect(await output(body, { input: { id: 'a' } })).toEqual({ id: 'a' });
    const { outcome, heard } = await run(body, { input: { id: 1 } });
    expect(outcome).toMatchObject({ kind: 'failed', error: { code: 'action_script_runtime_error', payload: { errors: [{ path: ['id'] }] } } });
    expect(heard.logs).toMatchObject([{ level: 'error', message: expect.stringContaining('at path id') }]);
  });

  it('has timers that can be stopped', async () => {
    const body =
      'let n = 0; const timer = setInterval(() => n++, 5); await new Promise((resolve) => setTimeout(resolve, 400)); clearInterval(timer); const seen = n; const stopped = setTimeout(() => (n = 999), 5); clearTimeout(stopped); await new Promise((resolve) => setTimeout(resolve, 30)); return [seen > 3, n === seen]';
    expect(await output(body)).toEqual([true, true]);
  });
});
