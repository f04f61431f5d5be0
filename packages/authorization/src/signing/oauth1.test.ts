import { createHmac, createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { baseString, oauth1Header, type OAuth1Request } from './oauth1.js';

/** Parameters of a header, decoded. */
const parametersOf = (header: string): Record<string, string> =>
  Object.fromEntries([...header.matchAll(/(\w+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, decodeURIComponent(value)]));
const signature = (request: OAuth1Request): string | undefined => parametersOf(oauth1Header(request))['oauth_signature'];

describe('the base string of OAuth 1.0', () => {
  // RFC 5849, section 3.4.1.1
  it('is that of the RFC, with its parameters from the query, the form and the header', () => {
    const url = new URL('http://EXAMPLE.COM:80/request?b5=%3D%253D&a3=a&c%40=&a2=r%20b');
    expect(
      baseString({ method: 'post', url, form: 'c2&a3=2+q' }, [
        ['oauth_consumer_key', '9djdj82h48djs9d2'],
        ['oauth_token', 'kkk9d7dh3k39sjv7'],
        ['oauth_signature_method', 'HMAC-SHA1'],
        ['oauth_timestamp', '137131201'],
        ['oauth_nonce', '7d8f3e4a'],
      ]),
    ).toBe(
      'POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q%26a3%3Da%26b5%3D%253D%25253D%26c%2540%3D%26c2%3D%26oauth_consumer_key%3D9djdj82h48djs9d2%26oauth_nonce%3D7d8f3e4a%26oauth_signature_method%3DHMAC-SHA1%26oauth_timestamp%3D137131201%26oauth_token%3Dkkk9d7dh3k39sjv7',
    );
  });
});

describe('a request signed after OAuth 1.0', () => {
  // The worked example of Twitter's documentation, "Creating a signature".
  const twitter: OAuth1Request = {
    method: 'POST',
    url: new URL('https://api.twitter.com/1.1/statuses/update.json?include_entities=true'),
    form: 'status=Hello%20Ladies%20%2B%20Gentlemen%2C%20a%20signed%20OAuth%20request%21',
    client: { id: 'xvz1evFS4wEEPTGEFPHBog', secret: 'kAcSOqF21Fu85e7zjz7ZN2U4ZRhfV3WpwPAoE3Z7kBw' },
    token: { value: '370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb', secret: 'LswwdoUaIvS8ltyTt5jkRh4J50vUPVVHtR2YPi5kE' },
    nonce: 'kYjzVBB8Y0ZFabxSWbWovY3uYSQ2pTgmZeNu2VS4cg',
    timestamp: 1318622958,
  };

  it('has the signature of the published example', () => {
    expect(signature(twitter)).toBe('hCtSmYh+iHYCEqBWrE7C7hYmtUk=');
  });

  it('names in its header everything but the secrets', () => {
    const header = oauth1Header({ ...twitter, realm: 'ACCOUNT_SB1' });
    expect(header).toMatch(/^OAuth realm="ACCOUNT_SB1", oauth_consumer_key="xvz1evFS4wEEPTGEFPHBog", /);
    expect(header).toContain('oauth_signature="hCtSmYh%2BiHYCEqBWrE7C7hYmtUk%3D"');
    expect(header).not.toContain('kAcSOqF');
    expect(header).not.toContain('Lsww');
  });

  it('is signed with both secrets themselves where that is asked', () => {
    expect(signature({ ...twitter, client: { id: 'c', secret: 'a&b' }, token: { value: 't', secret: 'c d' }, signatureMethod: 'PLAINTEXT' })).toBe(
      'a%26b&c%20d',
    );
  });

  it('is signed with a private key where that is asked', () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const secret = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string; // as asked
    const request = { ...twitter, client: { id: 'c', secret }, signatureMethod: 'RSA-SHA1' as const };
    const { oauth_signature: signed = '', ...parameters } = parametersOf(oauth1Header(request));
    const base = baseString(request, Object.entries(parameters));
    const key = createPublicKey(publicKey.export({ type: 'spki', format: 'pem' }));
    expect(verify('sha1', Buffer.from(base), key, Buffer.from(signed, 'base64'))).toBe(true);
  });

  it('differs each time, by nonce', () => {
    const { nonce: _, ...rest } = twitter;
    expect(oauth1Header(rest)).not.toBe(oauth1Header(rest));
  });

  it('covers a query by its values: another spelling of a blank signs alike', () => {
    const get = (query: string) => signature({ ...twitter, method: 'GET', form: undefined, url: new URL(`https://api.example/x?${query}`) });
    expect(get('a=b%20c&z=1')).toBe(get('z=1&a=b+c'));
    expect(get('a=b')).not.toBe(get('a=c'));
  });
});

// RFC 5849, section 1.2. The RFC's own parameters leave the version out, which is optional and signed where it is there.
describe('the photos of RFC 5849', () => {
  it('are asked for with the signature of the RFC', () => {
    const url = new URL('http://photos.example.net/photos?file=vacation.jpg&size=original');
    const base = baseString({ method: 'GET', url }, [
      ['oauth_consumer_key', 'dpf43f3p2l4k3l03'],
      ['oauth_token', 'nnch734d00sl2jdk'],
      ['oauth_signature_method', 'HMAC-SHA1'],
      ['oauth_timestamp', '137131202'],
      ['oauth_nonce', 'chapoH'],
    ]);
    expect(createHmac('sha1', 'kd94hf93k423kf44&pfkkdhi9sl3r4s00').update(base).digest('base64')).toBe('MdpQcU8iPSUjWoN/UDMsK2sui9I=');
  });
});
