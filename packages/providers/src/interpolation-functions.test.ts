import { describe, expect, it } from 'vitest';
import { interpolate } from './interpolation.js';

const values = {
  method: 'GET',
  path: '/v1/items',
  params: 'a=1,2',
  credentials: {
    key: 'key',
    jefe: 'Jefe',
    // RFC 8032, section 7.1, test 1
    seed: '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
  },
};
const text = (template: string): string => interpolate(template, values).text;

describe('a function of the catalogue', () => {
  it.each([
    // RFC 4231, test case 2
    ['hmacSha256Hex', '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843'],
    ['hmacSha512Hex', '164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737'],
    // RFC 2202, test case 2
    ['hmacSha1Hex', 'effcdf6ae5eb2fa2d27416d5f184df9c259a7c79'],
    ['hmacSha1Base64', '7/zfauXrL6LSdBbV8YTfnCWafHk='],
    ['hmacSha256Base64', 'W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM='],
  ])('%s signs as its RFC says', (name, signed) => {
    expect(text(`\${${name}(what do ya want for nothing?, \${credentials.jefe})}`)).toBe(signed);
  });

  it('takes the last argument as the key: what is signed may hold commas, written or filled in', () => {
    expect(text('${hmacSha1Hex(a,b,${credentials.key})}')).toBe(text('${hmacSha1Hex(a,b, ${credentials.key})}'));
    expect(text('${hmacSha1Hex(${method}${path}?${params},${credentials.key})}')).toMatch(/^[0-9a-f]{40}$/);
  });

  it('signs with Ed25519, whatever form the key has', () => {
    const base64 = Buffer.from(values.credentials.seed, 'hex').toString('base64');
    const signed = text('${ed25519Sign(, ${credentials.seed})}');
    // The RFC's test signs nothing.
    expect(Buffer.from(signed, 'base64').toString('hex')).toBe(
      'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
    );
    expect(interpolate('${ed25519Sign(, ${k})}', { k: base64 }).text).toBe(signed);
  });

  it('may stand in another', () => {
    expect(text('Basic ${base64(${credentials.key}:${sha256Hex(x)})}')).toBe(
      `Basic ${btoa('key:2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881')}`,
    );
  });

  it.each(['${hmacSha1Hex(text)}', '${hmacSha1Hex(text, ${nope})}', '${hmacSha1Hex(${nope}, k)}', '${constructor(x)}', '${unknown(x)}'])(
    'stays as it is written without its arguments: %s',
    (template) => {
      expect(interpolate(template, values)).toMatchObject({ text: template, missing: [template.slice(2, -1)] });
    },
  );
});
