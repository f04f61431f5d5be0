import { createHmac } from 'node:crypto';
import { Readable } from 'node:stream';
import { HostList, type OutgoingRequest, parseHostList } from 'egress';
import type { Credentials } from 'model';
import type { Provider, ProviderProxy } from 'providers';
import { describe, expect, it } from 'vitest';
import type { Target } from '../connection/target.js';
import { BaseUrlOverridePolicy } from './base-url-override.js';
import type { OutgoingCall } from './outgoing-call.js';
import { RequestBuilder } from './request-builder.js';

const apiKey: Credentials = { type: 'API_KEY', apiKey: 'key' };
type Setting = { proxy?: Partial<ProviderProxy>; credentials?: Credentials; config?: Record<string, unknown>; overrides?: BaseUrlOverridePolicy } & Pick<
  Partial<Provider>,
  'signature_method'
>;

function targetOf({ proxy, credentials = apiKey, config = {}, signature_method }: Setting): Target {
  const provider: Provider = {
    name: 'x',
    display_name: 'X',
    auth_mode: credentials.type,
    proxy: { base_url: 'https://api.example', ...proxy },
    signature_method,
  };
  const connection = { connectionConfig: config, metadata: { team: 'red' } } as unknown as Target['connection']; // what a builder reads of it
  return { provider, connection, credentials, credentialVersion: 1, issuedAt: null, client: { id: 'client', secret: 'client secret' } };
}

const bare: OutgoingCall = {
  environmentId: 1,
  method: 'GET',
  endpoint: '/items',
  headers: {},
  body: null,
  retry: { retries: 0 },
  decoded: false,
  admission: { priority: 'interactive', longestWaitMs: null },
  signal: new AbortController().signal,
};

function builderOf({ overrides }: Setting): RequestBuilder {
  return new RequestBuilder(overrides ?? new BaseUrlOverridePolicy({ enabled: true, deny: new HostList([]) }));
}

/** What goes out for a call, its body as text. */
async function built(setting: Setting, call: Partial<OutgoingCall> = {}): Promise<Omit<OutgoingRequest, 'body'> & { body: string | null }> {
  const { body, ...request } = await builderOf(setting).build(targetOf(setting), { ...bare, ...call });
  return { ...request, body: body instanceof Uint8Array ? Buffer.from(body).toString() : body && 'streams' };
}

const json = (value: unknown): Partial<OutgoingCall> => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: Buffer.from(JSON.stringify(value)),
});

describe("the provider's defaults", () => {
  const proxy = {
    headers: { 'X-Version': '2', accept: 'application/vnd.x+json', 'x-tenant': '${connectionConfig.tenant}' },
    query: { api_key: '${apiKey}', v: '1' },
  };

  it('join a call as headers and parameters', async () => {
    const { headers, url } = await built({ proxy, config: { tenant: 't' } });
    expect(headers).toMatchObject({ 'x-version': '2', accept: 'application/vnd.x+json', 'x-tenant': 't', 'user-agent': 'nango' });
    expect(url.href).toBe('https://api.example/items?api_key=key&v=1');
  });

  it("give way to the caller's, header by header and parameter by parameter", async () => {
    const { headers, url } = await built({ proxy }, { headers: { 'x-version': '3', accept: '' }, query: 'v=9&b=%2F+x', endpoint: '/items' });
    expect(headers).toMatchObject({ 'x-version': '3', accept: '' });
    expect(url.search).toBe('?v=9&b=%2F+x&api_key=key');
    expect((await built({ proxy }, { endpoint: '/items?api_key=own' })).url.search).toBe('?api_key=own&v=1');
  });

  it('with a value that the connection lacks are left out', async () => {
    expect(Object.keys((await built({ proxy })).headers)).not.toContain('x-tenant');
  });
});

describe("the provider's fields of a body", () => {
  const proxy = { body: { auth: { token: '${apiKey}' }, tags: ['${metadata.team}', 1], limit: 10 } };

  it("join a JSON body below the caller's, and are one where a write has none", async () => {
    const { body, headers } = await built({ proxy }, json({ limit: 5, q: 'ü' }));
    expect(JSON.parse(body ?? '')).toEqual({ auth: { token: 'key' }, tags: ['red', 1], limit: 5, q: 'ü' });
    expect(headers['content-type']).toBe('application/json');
    const empty = await built({ proxy }, { method: 'POST' });
    expect([JSON.parse(empty.body ?? ''), empty.headers['content-type']]).toEqual([
      { auth: { token: 'key' }, tags: ['red', 1], limit: 10 },
      'application/json',
    ]);
  });

  it('join one that streams, whose length is no longer what it was', async () => {
    const call = {
      ...json({}),
      headers: { 'content-type': 'application/json', 'content-length': '9' },
      body: Readable.from([Buffer.from('{"q"'), Buffer.from(':"ab"}')]),
    };
    const { body, headers } = await built({ proxy }, call);
    expect(JSON.parse(body ?? '')).toMatchObject({ q: 'ab', limit: 10 });
    expect(headers['content-length']).toBeUndefined();
  });

  it.each<[string, Partial<OutgoingCall>, string | null]>([
    ['a list', json([1]), '[1]'],
    ['broken JSON', { ...json({}), body: Buffer.from('{"a"') }, '{"a"'],
    ['text', { method: 'POST', headers: { 'content-type': 'text/plain' }, body: Buffer.from('{}') }, '{}'],
    ['what is compressed', { ...json({}), headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' } }, '{}'],
    ['a read', { method: 'GET' }, null],
    ['a deletion without a body', { method: 'DELETE' }, null],
  ])('leave %s as it is', async (_, call, body) => {
    expect((await built({ proxy }, call)).body).toBe(body);
  });
});

describe('a call that is signed', () => {
  const oauth1: Credentials = { type: 'OAUTH1', oauth_token: 'token', oauth_token_secret: 'token secret', raw: {} };
  const tba: Credentials = { type: 'TBA', token_id: 'token', token_secret: 'secret', config_override: {} };
  const aws: Credentials = { type: 'AWS_SIGV4', access_key_id: 'AK', secret_access_key: 'secret', session_token: 'session' };

  it('after OAuth 1.0 covers query and form, the default parameters among them', async () => {
    const call = { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: Buffer.from('b=2') };
    const { headers } = await built({ credentials: oauth1, proxy: { query: { v: '1' } } }, { ...call, query: 'a=x%20y' });
    const sent = Object.fromEntries(
      [...(headers['authorization'] ?? '').matchAll(/(\w+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, decodeURIComponent(value)]),
    );
    const { oauth_signature: signature, ...parameters } = sent;
    const percent = encodeURIComponent;
    const all = Object.entries({ a: 'x y', b: '2', v: '1', ...parameters }).sort(([a], [b]) => (a < b ? -1 : 1));
    const base = `POST&${percent('https://api.example/items')}&${percent(all.map(([name, value]) => `${name}=${percent(value)}`).join('&'))}`;
    expect(signature).toBe(createHmac('sha1', 'client%20secret&token%20secret').update(base).digest('base64'));
  });

  it('with a token of NetSuite names its account, and without one is refused', async () => {
    expect((await built({ credentials: tba, config: { accountId: '12-sb1' } })).headers['authorization']).toMatch(/^OAuth realm="12_SB1".*HMAC-SHA256/);
    await expect(built({ credentials: tba })).rejects.toMatchObject({ code: 'invalid_credentials', message: expect.stringContaining('accountId') });
  });

  it('for AWS brings date, session and the signature over its body', async () => {
    const proxy = { base_url: 'https://sqs.eu-west-1.amazonaws.com' };
    const first = await built({ credentials: aws, proxy }, json({ a: 1 }));
    expect(first.headers).toMatchObject({ 'x-amz-security-token': 'session', 'x-amz-date': expect.stringMatching(/^\d{8}T\d{6}Z$/) });
    expect(first.headers['authorization']).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AK\/\d{8}\/eu-west-1\/sqs\/aws4_request, SignedHeaders=content-type;host;x-amz-date;x-amz-security-token/,
    );
    expect((await built({ credentials: aws, proxy }, json({ a: 2 }))).headers['authorization']).not.toBe(first.headers['authorization']);
  });

  it('for S3 streams its body unsigned, for any other service it is held', async () => {
    const upload = { method: 'PUT', body: Readable.from([Buffer.from('large')]) };
    const s3 = await built({ credentials: aws, proxy: { base_url: 'https://bucket.s3.eu-west-1.amazonaws.com' } }, upload);
    expect([s3.body, s3.headers['x-amz-content-sha256']]).toEqual(['streams', 'UNSIGNED-PAYLOAD']);
    const other = await built(
      { credentials: aws, proxy: { base_url: 'https://lambda.eu-west-1.amazonaws.com' } },
      { ...upload, body: Readable.from([Buffer.from('x')]) },
    );
    expect(other.body).toBe('x');
  });

  it('is as its caller signs it, where the caller does', async () => {
    expect((await built({ credentials: oauth1 }, { headers: { authorization: 'own' } })).headers['authorization']).toBe('own');
  });

  it('with a key that is none says so without the key', async () => {
    const broken = { ...oauth1 };
    const failure = built({ credentials: broken, signature_method: 'RSA-SHA1' });
    await expect(failure).rejects.toMatchObject({ code: 'invalid_credentials', status: 424 });
    await expect(failure).rejects.not.toThrow('client secret');
    const headers = { sign: '${ed25519Sign(${method}, ${credentials.seed})}' };
    const badSeed: Credentials = { type: 'CUSTOM', seed: 'short', raw: {} };
    await expect(async () => built({ credentials: badSeed, proxy: { headers } })).rejects.toMatchObject({ code: 'invalid_credentials' });
  });

  it('by the catalogue takes parts of the request, anew for each call', async () => {
    const headers = { sign: '${hmacSha256Hex(${method} ${host}${path}?${params} ${bodyCanonicalParams}, ${apiKey})}' };
    const { headers: sent } = await built({ proxy: { headers } }, { ...json({ b: 2, a: { c: 1 } }), query: 'q=1' });
    expect(sent['sign']).toBe(createHmac('sha256', 'key').update('POST api.example/items?q=1 a={"c":1}&b=2').digest('hex'));
    expect((await built({ proxy: { headers } })).headers['sign']).not.toBe(sent['sign']);
  });
});

describe('credentials on a redirect to another host', () => {
  const proxy = { forward_headers_on_redirect: true };
  it.each([
    ['stay here', {}, {}, false],
    ['go along where the provider says so', { proxy }, {}, true],
    ['go along where the call says so', {}, { forwardHeadersOnRedirect: true }, true],
    ['stay here where the call says so', { proxy }, { forwardHeadersOnRedirect: false }, false],
  ])('%s', async (_, setting, call, travel) => {
    expect((await built(setting, call)).credentialsTravel).toBe(travel);
  });
});

describe('another base URL', () => {
  const deny = parseHostList('evil.example,10.0.0.0/8', 'test');
  const only = (enabled: boolean): BaseUrlOverridePolicy => new BaseUrlOverridePolicy({ enabled, deny });

  it('takes the place of the provider’s', async () => {
    expect((await built({ overrides: only(true) }, { baseUrlOverride: 'https://other.example/v2', endpoint: '/v2/items' })).url.href).toBe(
      'https://other.example/v2/items',
    );
  });

  it.each(['https://evil.example', 'https://EVIL.example./x', 'http://10.1.2.3'])(
    'is refused for %s where the installation denies that',
    async (baseUrlOverride) => {
      await expect(async () => built({ overrides: only(true) }, { baseUrlOverride })).rejects.toMatchObject({ code: 'base_url_override_not_allowed' });
    },
  );

  it('is refused where overrides are switched off, and where it is no URL', async () => {
    await expect(async () => built({ overrides: only(false) }, { baseUrlOverride: 'https://x.example' })).rejects.toMatchObject({
      code: 'base_url_override_disabled',
    });
    await expect(async () => built({}, { baseUrlOverride: 'x.example' })).rejects.toMatchObject({ code: 'missing_api_url' });
  });
});

describe("the connection's own API, whose rate budget a call takes a place in", () => {
  const isOwn = async (setting: Setting, baseUrlOverride?: string): Promise<boolean> => {
    const [builder, target, call] = [builderOf(setting), targetOf(setting), { ...bare, baseUrlOverride }];
    return builder.isOwnApi(target, call, await builder.build(target, call));
  };

  it.each([
    [undefined, true],
    ['https://api.example', true],
    ['https://API.example:443/v2/', true],
    ['https://api.example:8443', false],
    ['http://api.example', false],
    ['https://other.example', false],
  ])('with the base URL %s: %s', async (override, own) => {
    expect(await isOwn({ proxy: { base_url: 'https://api.example/v1' } }, override)).toBe(own);
  });

  it('is whatever the caller names where the connection has no base URL of its own', async () => {
    expect(await isOwn({ proxy: { base_url: 'https://${connectionConfig.host}' } }, 'https://other.example')).toBe(true);
  });
});
