import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { oauth1Header, tbaHeader } from 'authorization';
import type { Credentials } from 'model';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestProxy, type TestConnection } from '../test/proxy.js';
import { json } from '../test/upstream.js';

const everyByte = Buffer.from(Array.from({ length: 512 }, (_, n) => n % 256));
const code = async (answer: Response) => ({ status: answer.status, error: ((await answer.json()) as { error: { code: string; message: string } }).error });

describe('through /proxy goes', () => {
  let proxy: TestProxy;
  let connection: TestConnection;
  /** An API that looks at requests before they are whole. */
  let eager: Server;
  let onEager: (request: IncomingMessage) => void;
  let eagerConnection: TestConnection;
  beforeAll(async () => {
    eager = createServer((asked, response) => {
      onEager(asked);
      if (asked.url === '/too-large') response.writeHead(413).end('too large');
    });
    await new Promise<void>((resolve) => void eager.listen(0, '127.0.0.1', resolve));
    const address = `127.0.0.1:${(eager.address() as AddressInfo).port}`; // listens on TCP
    proxy = await TestProxy.start({ NANGO_EGRESS_ALLOW: address });
    connection = await proxy.aConnection();
    eagerConnection = await proxy.aConnection({ connectionConfig: { baseUrl: `http://${address}` } });
  });
  afterAll(async () => {
    await proxy?.stop();
    eager?.closeAllConnections();
    eager?.close();
  });

  describe('a method', () => {
    it('HEAD, answered with the headers of the API alone', async () => {
      proxy.upstream.answers('/head', (_, response) => void response.writeHead(200, { 'content-length': '12345', etag: '"e"' }).end());
      const answer = await proxy.call(connection, '/head', { method: 'HEAD' });
      expect([answer.status, answer.headers.get('content-length'), answer.headers.get('etag'), await answer.text()]).toEqual([200, '12345', '"e"', '']);
      expect(proxy.upstream.last.method).toBe('HEAD');
    });

    it('HEAD of what is compressed, though it is to be decoded', async () => {
      proxy.upstream.answers('/head-br', (_, response) => void response.writeHead(200, { 'content-encoding': 'br', 'content-length': '99' }).end());
      const answer = await proxy.call(connection, '/head-br', { method: 'HEAD', headers: { decompress: 'true' } });
      expect([answer.status, answer.headers.get('content-encoding'), answer.headers.get('content-length')]).toEqual([200, 'br', '99']);
    });

    it.each([
      [304, {}],
      [200, { 'content-length': '0' }],
    ])('GET, answered with %i and a compressed nothing', async (status, headers) => {
      proxy.upstream.answers('/nothing', (_, response) => void response.writeHead(status, { 'content-encoding': 'br', etag: 'e', ...headers }).end());
      const answer = await proxy.call(connection, '/nothing', { headers: { decompress: 'true', 'nango-proxy-if-none-match': 'e' } });
      expect([answer.status, answer.headers.get('etag'), await answer.text()]).toEqual([status, 'e', '']);
    });

    it('OPTIONS, answered by the API and by nobody before it', async () => {
      proxy.upstream.answers('/options', (_, response) => void response.writeHead(204, { allow: 'GET, PURGE' }).end());
      const answer = await proxy.call(connection, '/options', { method: 'OPTIONS' });
      expect([answer.status, answer.headers.get('allow'), proxy.upstream.last.method]).toEqual([204, 'GET, PURGE', 'OPTIONS']);
    });

    it.each(['DELETE', 'OPTIONS', 'POST'])('%s with and without a body', async (method) => {
      await proxy.call(connection, '/x', { method, body: 'text', headers: { 'content-type': 'text/plain' } });
      expect(proxy.upstream.last).toMatchObject({ method, body: Buffer.from('text'), headers: { 'content-length': '4' } });
      await proxy.call(connection, '/x', { method });
      expect([proxy.upstream.last.method, proxy.upstream.last.body.length]).toEqual([method, 0]);
    });
  });

  describe('a body, byte for byte:', () => {
    it.each([
      ['application/x-www-form-urlencoded', Buffer.from('a=1&a=%2f+x&b')],
      ['application/json', Buffer.from('{ "a": 1.0, "a": "\\u00fc" }\n')],
      ['text/plain; charset=iso-8859-1', Buffer.from([0xfc, 0x0a])],
      ['application/xml', Buffer.from('\uFEFF<?xml version="1.0"?><a/>')],
      ['application/octet-stream', everyByte],
    ])('%s', async (type, body) => {
      proxy.upstream.answers('/bytes', ({ body: got }, response) => void response.writeHead(200, { 'content-type': type }).end(got));
      const answer = await proxy.call(connection, '/bytes', { method: 'POST', body, headers: { 'content-type': type } });
      expect(proxy.upstream.last).toMatchObject({ body, headers: { 'content-type': type, 'content-length': String(body.length) } });
      expect([Buffer.from(await answer.arrayBuffer()), answer.headers.get('content-type')]).toEqual([body, type]);
    });

    it('JSON as the form that its caller asks for', async () => {
      const ask = async (asked: string, body: string) => {
        await proxy.call(connection, '/form', { method: 'POST', body, headers: { 'content-type': 'application/json', 'nango-proxy-content-type': asked } });
        return { type: proxy.upstream.last.headers['content-type'] ?? '', body: proxy.upstream.last.body.toString() };
      };
      const urlencoded = 'application/x-www-form-urlencoded';
      expect(await ask(urlencoded, '{"a":"1 2","b":3}')).toEqual({ type: urlencoded, body: 'a=1%202&b=3' });
      const multipart = await ask('multipart/form-data', '{"a":"1"}');
      const boundary = /^multipart\/form-data; boundary=(.+)$/.exec(multipart.type)?.[1];
      expect(multipart.body).toContain(`--${boundary}\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n`);
      expect(await ask('application/vnd.api+json', '{"a":"1"}')).toEqual({ type: 'application/vnd.api+json', body: '{"a":"1"}' });
      expect(await ask(urlencoded, '[1]')).toEqual({ type: urlencoded, body: '[1]' });
    });

    it('multipart with several parts, as it was framed', async () => {
      const boundary = '--x';
      const body = Buffer.concat([
        Buffer.from(`----x\r\ncontent-disposition: form-data; name="f"; filename="ü.bin"\r\n\r\n`),
        everyByte,
        Buffer.from('\r\n----x--\r\n'),
      ]);
      await proxy.call(connection, '/form', { method: 'PUT', body, headers: { 'content-type': `multipart/form-data; boundary=${boundary}` } });
      expect(proxy.upstream.last.body.equals(body)).toBe(true);
      expect(proxy.upstream.last.headers['content-type']).toBe('multipart/form-data; boundary=--x');
    });
  });

  describe('a signature', () => {
    const oauthClient = { id: 'client', secret: 'of the client' };
    const parameter = (header: string, name: string): string => decodeURIComponent(new RegExp(`${name}="([^"]*)"`).exec(header)?.[1] ?? '');
    const signedBy = async (credentials: Credentials, connectionConfig = {}) => {
      const signing = await proxy.aConnection({
        provider: 'private-api-basic',
        credentials,
        oauthClient,
        connectionConfig: { baseUrl: proxy.upstream.url, ...connectionConfig },
      });
      await proxy.call(signing, '/signed?a=1&b=x%20y', { method: 'POST', body: 'c=2', headers: { 'content-type': 'application/x-www-form-urlencoded' } });
      const { headers, url } = proxy.upstream.last;
      const header = headers.authorization ?? '';
      const once = { nonce: parameter(header, 'oauth_nonce'), timestamp: Number(parameter(header, 'oauth_timestamp')) };
      return { header, headers, request: { method: 'POST', url: new URL(url, proxy.upstream.url), form: 'c=2', client: oauthClient, ...once } };
    };

    it("of OAuth 1.0, made with the integration's client", async () => {
      const { header, request: signed } = await signedBy({ type: 'OAUTH1', oauth_token: 't', oauth_token_secret: 's', raw: {} });
      expect(signed.nonce).not.toBe('');
      expect(header).toBe(oauth1Header({ ...signed, token: { value: 't', secret: 's' } }));
    });

    it('of NetSuite, for the account of the connection', async () => {
      const token = { type: 'TBA', token_id: 't', token_secret: 's', config_override: {} } as const;
      const { header, request: signed } = await signedBy(token, { accountId: '1-sb2' });
      expect(header).toBe(tbaHeader({ ...signed, accountId: '1-sb2' }, token));
    });

    it('of AWS, with the session that it holds for', async () => {
      const { header, headers } = await signedBy({
        type: 'AWS_SIGV4',
        region: 'eu-west-1',
        service: 'sqs',
        access_key_id: 'AK',
        secret_access_key: 's',
        session_token: 'st',
      });
      expect(header).toMatch(
        /^AWS4-HMAC-SHA256 Credential=AK\/\d{8}\/eu-west-1\/sqs\/aws4_request, SignedHeaders=content-type;host;x-amz-date;x-amz-security-token, Signature=[0-9a-f]{64}$/,
      );
      expect(headers).toMatchObject({ 'x-amz-security-token': 'st' });
    });

    it('of no kind where a token of NetSuite has no account', async () => {
      const lacking = await proxy.aConnection({
        provider: 'private-api-basic',
        credentials: { type: 'TBA', token_id: 't', token_secret: 's', config_override: {} },
        oauthClient,
      });
      expect(await code(await proxy.call(lacking, '/x'))).toMatchObject({ status: 424, error: { code: 'invalid_credentials' } });
    });
  });

  describe('a time-out of its own', () => {
    it('after which the caller is told so, and the API is left', async () => {
      const left = new Promise<void>((resolve) => proxy.upstream.answers('/silent', (_, response) => void response.once('close', resolve)));
      const answer = await proxy.call(connection, '/silent', { headers: { 'timeout-ms': '300' } });
      expect(await code(answer)).toMatchObject({ status: 504, error: { code: 'upstream_timeout', message: expect.stringContaining('300 ms') } });
      await left;
    });

    it('and is tried again where that was asked', async () => {
      proxy.upstream.answers('/once-silent', () => undefined, json(200, { ok: true }));
      const answer = await proxy.call(connection, '/once-silent', { headers: { 'timeout-ms': '200', retries: '1' } });
      expect(await answer.json()).toEqual({ ok: true });
    });
  });

  describe('a refusal', () => {
    it('of a POST is sent again with its body, where the caller allows that, and only so often', async () => {
      proxy.upstream.answers('/post', json(503, {}, { 'retry-after': '0' }));
      const answer = await proxy.call(connection, '/post', { method: 'POST', body: 'text', headers: { retries: '2' } });
      const seen = proxy.upstream.seen.filter(({ url }) => url === '/post');
      expect([answer.status, seen.map(({ body }) => body.toString())]).toEqual([503, ['text', 'text', 'text']]);
    });

    it('of a large upload reaches the caller before it has sent everything', async () => {
      onEager = (asked) => void asked.resume();
      const { status, sent } = await upload('/too-large');
      expect(status).toBe(413);
      expect(sent).toBeLessThan(64 * 1024 * 1024);
      expect((await proxy.call(connection, '/after')).status).toBe(200);
    });
  });

  it('that the caller went away within an upload', async () => {
    const { promise: left, resolve } = Promise.withResolvers<string>();
    onEager = (asked) => void asked.resume().once('close', () => resolve(asked.complete ? 'complete' : 'broken off'));
    const caller = request(`${proxy.url}/proxy/upload`, { method: 'POST', headers: namesOf(eagerConnection) });
    caller.on('error', () => undefined).write(Buffer.alloc(1024 * 1024));
    await once(eager, 'request');
    caller.destroy();
    expect(await left).toBe('broken off');
  });

  const namesOf = ({ connectionId, providerConfigKey }: TestConnection) => ({
    'connection-id': connectionId,
    'provider-config-key': providerConfigKey,
    authorization: `Bearer ${proxy.environments.dev.secretKey}`,
  });

  /** Uploads without end until it is answered. */
  async function upload(path: string): Promise<{ status: number; sent: number }> {
    const chunk = Buffer.alloc(256 * 1024);
    const caller = request(`${proxy.url}/proxy${path}`, { method: 'POST', headers: namesOf(eagerConnection) });
    caller.on('error', () => undefined).setMaxListeners(0);
    let sent = 0;
    const status = new Promise<number>((resolve) => caller.once('response', (answer) => (answer.resume(), resolve(answer.statusCode ?? 0))));
    const answered = status.then(() => 'answered' as const);
    while (!caller.destroyed && sent < 64 * 1024 * 1024) {
      sent += chunk.length;
      if (caller.write(chunk)) continue;
      if ((await Promise.race([once(caller, 'drain'), answered, once(caller, 'close')])) === 'answered') break;
    }
    const got = await status;
    caller.destroy();
    return { status: got, sent };
  }
});
