import { randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestProxy, type TestConnection } from '../test/proxy.js';
import { json } from '../test/upstream.js';

/** What an error answers. */
const code = async (answer: Response) => ({ status: answer.status, code: ((await answer.json()) as { error: { code: string } }).error.code });

describe('a call through /proxy', () => {
  let proxy: TestProxy;
  let connection: TestConnection;
  beforeAll(async () => {
    proxy = await TestProxy.start({ NANGO_RATE_GOVERNOR: 'off' });
    connection = await proxy.aConnection();
  });
  afterAll(() => proxy?.stop());
  const bare = (headers: Record<string, string>) => fetch(`${proxy.url}/proxy/x`, { headers });
  const withHeaders = (headers: Record<string, string>) => proxy.call(connection, '/x', { headers });

  describe('is authorised', () => {
    it('with an API key in the header that the provider names', async () => {
      const answer = await proxy.call(connection, '/items?a=1&a=%2F');
      expect(answer.status).toBe(200);
      expect(proxy.upstream.last).toMatchObject({ method: 'GET', url: '/items?a=1&a=%2F', headers: { authorization: 'Bearer key' } });
    });

    it('with user name and password', async () => {
      const basic = await proxy.aConnection({ provider: 'private-api-basic', credentials: { type: 'BASIC', username: 'u', password: 'p' } });
      await proxy.call(basic, '/items');
      expect(proxy.upstream.last.headers.authorization).toBe(`Basic ${btoa('u:p')}`);
    });

    it('with an access token that has time left, without asking anybody', async () => {
      const credentials = { type: 'OAUTH2', access_token: 'token', refresh_token: 'r', expires_at: new Date(Date.now() + 3_600_000), raw: {} } as const;
      const oauth = await proxy.aConnection({ provider: 'demo-tracker-oauth', credentials });
      await proxy.call(oauth, '/items');
      expect(proxy.upstream.last).toMatchObject({ url: '/items', headers: { authorization: 'Bearer token' } });
    });

    it('with nothing for an API that asks for nothing', async () => {
      const none = await proxy.aConnection({ provider: 'unauthenticated', credentials: { type: 'NONE' } });
      await proxy.call(none, '/open', { headers: { 'base-url-override': proxy.upstream.url } });
      expect(proxy.upstream.last.url).toBe('/open');
      expect(proxy.upstream.last.headers.authorization).toBeUndefined();
    });

    it("unless the caller brings the header itself, and with no other header of the caller's", async () => {
      await proxy.call(connection, '/items', { headers: { 'Nango-Proxy-Authorization': 'own', 'NANGO-PROXY-X-Tenant': 't', 'x-other': 'o', cookie: 'c=1' } });
      const { headers } = proxy.upstream.last;
      expect(headers).toMatchObject({ authorization: 'own', 'x-tenant': 't', host: new URL(proxy.upstream.url).host });
      expect(Object.keys(headers).sort()).toEqual(['accept', 'authorization', 'connection', 'host', 'user-agent', 'x-tenant']);
    });

    it('with the new credential as soon as it is replaced', async () => {
      const changing = await proxy.aConnection();
      await proxy.call(changing, '/items');
      await proxy.replaceCredential(changing, { type: 'API_KEY', apiKey: 'new' });
      await expect.poll(async () => (await proxy.call(changing, '/items'), proxy.upstream.last.headers.authorization)).toBe('Bearer new');
    });
  });

  describe('passes through', () => {
    it.each(['POST', 'PUT', 'PATCH', 'DELETE'])('the body of a %s as bytes', async (method) => {
      const answer = await proxy.call(connection, '/echo', { method, headers: { 'content-type': 'application/json' }, body: '{"a": 1 , "a":2}' });
      expect(await answer.json()).toMatchObject({ method, body: '{"a": 1 , "a":2}' });
      expect(proxy.upstream.last.headers['content-type']).toBe('application/json');
    });

    it('multipart with its boundary', async () => {
      const form = new FormData();
      form.append('file', new Blob([new Uint8Array([0, 255, 1])]), 'a.bin');
      await proxy.call(connection, '/upload', { method: 'POST', body: form });
      const { headers, body } = proxy.upstream.last;
      expect(headers['content-type']).toMatch(/^multipart\/form-data; boundary=/);
      expect(body.includes(Buffer.from([0, 255, 1]))).toBe(true);
    });

    it('status, body and headers of errors too, and none that could harm', async () => {
      proxy.upstream.answers(
        '/teapot',
        json(418, { why: 'tea' }, { 'x-ratelimit-remaining': '3', link: '<x>; rel="next"', 'set-cookie': 'a=1', 'access-control-allow-origin': 'x' }),
      );
      const answer = await proxy.call(connection, '/teapot');
      expect(answer.status).toBe(418);
      expect(await answer.json()).toEqual({ why: 'tea' });
      expect(Object.fromEntries(answer.headers)).toMatchObject({ 'x-ratelimit-remaining': '3', link: '<x>; rel="next"', 'content-type': 'application/json' });
      expect(answer.headers.get('set-cookie')).toBeNull();
      expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    });

    it('HTML as it is', async () => {
      proxy.upstream.answers('/html', (_, response) => void response.writeHead(503, { 'content-type': 'text/html' }).end('<h1>Down</h1>'));
      const answer = await proxy.call(connection, '/html');
      expect([answer.status, await answer.text()]).toEqual([503, '<h1>Down</h1>']);
    });

    it('compressed bodies as they are, or decoded where that is asked', async () => {
      proxy.upstream.answers(
        '/zip',
        (_, response) => void response.writeHead(200, { 'content-encoding': 'gzip', 'content-type': 'text/plain' }).end(gzipSync('text')),
      );
      expect(await (await proxy.call(connection, '/zip')).text()).toBe('text');
      const decoded = await proxy.call(connection, '/zip', { headers: { decompress: 'true' } });
      expect(decoded.headers.get('content-encoding')).toBeNull();
      expect(await decoded.text()).toBe('text');
      expect(proxy.upstream.last.headers['accept-encoding']).toContain('gzip');
    });

    it('large bodies both ways, piece by piece', async () => {
      const chunk = new Uint8Array(1024 * 1024).fill(7);
      const body = new ReadableStream({
        start(controller) {
          for (let n = 0; n < 30; n++) controller.enqueue(chunk);
          controller.close();
        },
      });
      proxy.upstream.answers('/large', ({ body: got }, response) => void response.end(got));
      const answer = await proxy.call(connection, '/large', { method: 'POST', body, duplex: 'half' });
      let size = 0;
      for await (const part of answer.body ?? []) size += part.length;
      expect(size).toBe(30 * chunk.length);
    });

    it('the first part of an answer before the last one is there', async () => {
      const { promise: asked, resolve: finish } = Promise.withResolvers<void>();
      proxy.upstream.answers('/events', (_, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: 1\n\n');
        void asked.then(() => response.end('data: 2\n\n'));
      });
      const reader = ((await proxy.call(connection, '/events')).body as ReadableStream<Uint8Array>).getReader(); // has a body
      expect(Buffer.from((await reader.read()).value ?? []).toString()).toBe('data: 1\n\n');
      finish();
      expect(Buffer.from((await reader.read()).value ?? []).toString()).toBe('data: 2\n\n');
    });

    it('that a body broke off', async () => {
      proxy.upstream.answers('/cut', (_, response) => void response.writeHead(200, { 'content-length': '100' }).write('half', () => response.destroy()));
      const answer = await proxy.call(connection, '/cut');
      await expect(answer.text()).rejects.toBeInstanceOf(TypeError);
    });

    it('that the caller has gone', async () => {
      const gone = new Promise<void>((resolve) => proxy.upstream.answers('/slow', (_, response) => void response.once('close', resolve)));
      const caller = new AbortController();
      const call = proxy.call(connection, '/slow', { signal: caller.signal });
      setTimeout(() => caller.abort(), 100);
      await expect(call).rejects.toMatchObject({ name: 'AbortError' });
      await gone;
    });
  });

  describe('reaches', () => {
    it.each(['/v1/items', '/items', '/https://BASE/v1/items'])('the same URL for %s', async (path) => {
      const versioned = await proxy.aConnection({ connectionConfig: { baseUrl: `${proxy.upstream.url}/v1` } });
      await proxy.call(versioned, path.replace('https://BASE', proxy.upstream.url));
      expect(proxy.upstream.last.url).toBe('/v1/items');
    });

    it('another host where it is overridden, and takes an empty override as none', async () => {
      const elsewhere = await proxy.aConnection({ connectionConfig: { baseUrl: 'http://nowhere.example' } });
      expect((await proxy.call(elsewhere, '/x', { headers: { 'base-url-override': proxy.upstream.url } })).status).toBe(200);
      expect((await proxy.call(connection, '/x', { headers: { 'base-url-override': '' } })).status).toBe(200);
    });
  });

  describe('is tried again', () => {
    it('after 429 when Retry-After is over', async () => {
      proxy.upstream.answers('/limited', json(429, {}, { 'retry-after': '1' }), json(200, { ok: true }));
      const startedAt = Date.now();
      const answer = await proxy.call(connection, '/limited', {
        method: 'POST',
        body: '{"n":1}',
        headers: { retries: '1', 'content-type': 'application/json' },
      });
      expect(await answer.json()).toEqual({ ok: true });
      expect(Date.now() - startedAt).toBeGreaterThanOrEqual(990);
      expect(proxy.upstream.last.body.toString()).toBe('{"n":1}');
    });

    it('after 500 three seconds later', async () => {
      proxy.upstream.answers('/flaky', json(500, {}), json(200, { ok: true }));
      const startedAt = Date.now();
      expect((await proxy.call(connection, '/flaky', { headers: { retries: '2' } })).status).toBe(200);
      expect(Date.now() - startedAt).toBeGreaterThanOrEqual(2_990);
    });

    it('after a broken connection', async () => {
      proxy.upstream.answers('/reset', (_, response) => void response.destroy(), json(200, { ok: true }));
      expect((await proxy.call(connection, '/reset', { headers: { retries: '1' } })).status).toBe(200);
    });

    it('not without being asked, nor after a status that is final', async () => {
      proxy.upstream.answers('/once', json(500, {}));
      expect((await proxy.call(connection, '/once')).status).toBe(500);
      proxy.upstream.answers('/final', json(404, {}));
      expect((await proxy.call(connection, '/final', { headers: { retries: '3' } })).status).toBe(404);
      expect(proxy.upstream.seen.filter(({ url }) => url === '/once' || url === '/final')).toHaveLength(2);
    });

    it('after a status that the caller names, and answers the last one', async () => {
      proxy.upstream.answers('/named', json(429, { n: 1 }, { 'retry-after': '0' }), json(418, { n: 2 }));
      const answer = await proxy.call(connection, '/named', { headers: { retries: '1', 'retry-on': '418' } });
      expect([answer.status, await answer.json()]).toEqual([418, { n: 2 }]);
    });

    it('after 401 with the credential as it is now', async () => {
      const changing = await proxy.aConnection();
      proxy.upstream.answers(
        '/secured',
        ({ headers }, response) => {
          void proxy
            .replaceCredential(changing, { type: 'API_KEY', apiKey: 'new' })
            .then(() => json(401, { saw: headers.authorization })({} as never, response));
        },
        ({ headers }, response) => json(200, { saw: headers.authorization })({} as never, response),
      );
      const answer = await proxy.call(changing, '/secured', { headers: { retries: '3' } });
      expect(await answer.json()).toEqual({ saw: 'Bearer new' });
    });
  });

  describe('is refused', () => {
    it('without a key, with a malformed one and with an unknown one', async () => {
      expect(await code(await bare({}))).toEqual({ status: 401, code: 'missing_auth_header' });
      expect(await code(await bare({ authorization: 'Basic x' }))).toEqual({ status: 401, code: 'malformed_auth_header' });
      expect(await code(await bare({ authorization: 'Bearer nonsense' }))).toEqual({ status: 401, code: 'invalid_secret_key_format' });
      expect(await code(await bare({ authorization: `Bearer ${randomUUID()}` }))).toEqual({ status: 401, code: 'unknown_account' });
    });

    it('without a connection or an integration, or with one that is not there', async () => {
      expect(await code(await withHeaders({ 'connection-id': '' }))).toEqual({ status: 400, code: 'missing_connection_id' });
      expect(await code(await withHeaders({ 'provider-config-key': '' }))).toEqual({ status: 400, code: 'missing_provider_config_key' });
      expect(await code(await withHeaders({ 'provider-config-key': 'nope' }))).toEqual({ status: 400, code: 'unknown_provider_config' });
      expect(await code(await withHeaders({ 'connection-id': 'nope' }))).toEqual({ status: 404, code: 'unknown_connection' });
      expect(await code(await withHeaders({ retries: 'x' }))).toEqual({ status: 400, code: 'invalid_headers' });
    });

    it('for a connection of the other environment, as if it were not there', async () => {
      await proxy.call(connection, '/x');
      const authorization = `Bearer ${proxy.environments.prod.secretKey}`;
      expect(await code(await proxy.call(connection, '/x', { headers: { authorization } }))).toEqual({ status: 400, code: 'unknown_provider_config' });
    });

    it('where there is no API to call', async () => {
      const none = await proxy.aConnection({ provider: 'unauthenticated', credentials: { type: 'NONE' } });
      expect(await code(await proxy.call(none, '/x'))).toEqual({ status: 400, code: 'unsupported_provider' });
      const unknown = await proxy.aConnection({ connectionConfig: {} });
      expect(await code(await proxy.call(unknown, '/x'))).toEqual({ status: 400, code: 'missing_api_url' });
    });

    it.each([
      'http://127.0.0.1:1/',
      'http://169.254.169.254/latest',
      'http://localhost:5432',
      'http://[::1]:80',
      'file:///etc/passwd',
      'http://metadata.google.internal',
    ])('when it is to lead to %s', async (target) => {
      expect(await code(await proxy.call(connection, '/x', { headers: { 'base-url-override': target } }))).toEqual({ status: 400, code: 'url_not_allowed' });
    });

    it('when the API redirects inside', async () => {
      proxy.upstream.answers('/away', (_, response) => void response.writeHead(302, { location: 'http://169.254.169.254/' }).end());
      expect(await code(await proxy.call(connection, '/away'))).toEqual({ status: 400, code: 'url_not_allowed' });
    });

    it('when nobody answers, naming why and no secret', async () => {
      proxy.upstream.answers('/dead', (_, response) => void response.destroy());
      const answer = await proxy.call(connection, '/dead');
      const text = await answer.text();
      expect(answer.status).toBe(502);
      expect(JSON.parse(text)).toMatchObject({ error: { code: 'upstream_unreachable' } });
      expect(text).not.toMatch(/Bearer|\bkey\b/);
    });
  });

  it('leaves the service healthy', async () => {
    expect(await (await fetch(`${proxy.url}/health`)).json()).toEqual({ result: 'ok' });
  });
});
