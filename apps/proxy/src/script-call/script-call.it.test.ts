import { randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { CallAnswer, callHeader } from 'model';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestProxy, type TestConnection } from '../test/proxy.js';
import { json } from '../test/upstream.js';

/** Status and headers of the API's answer. */
const headOf = (answer: Response): CallAnswer => CallAnswer.parse(JSON.parse(Buffer.from(answer.headers.get(callHeader) ?? '', 'base64url').toString()));

/** What an error answers. */
const code = async (answer: Response) => ({ status: answer.status, code: ((await answer.json()) as { error: { code: string } }).error.code });

describe("a script's call", () => {
  let proxy: TestProxy;
  let connection: TestConnection;
  let execution: { id: string; token: string };
  beforeAll(async () => {
    proxy = await TestProxy.start();
    connection = await proxy.aConnection();
    execution = await proxy.anExecution(connection);
  });
  afterAll(() => proxy?.stop());

  const ask = (call: object, token = execution.token) => proxy.inside('calls', token, { call: randomUUID(), method: 'GET', endpoint: '/items', ...call });
  const journal = async (call: string) => (await proxy.pool.query('SELECT state, outside, generation FROM journal_entry WHERE call = $1', [call])).rows;

  it("reaches its connection's API with the credential, and answers status and headers beside the body", async () => {
    proxy.upstream.answers('/items', json(206, { items: [1] }, { link: '<next>', 'set-cookie': 'a=1' }));
    const answer = await ask({ params: { limit: 2, tags: ['a', 'b'] }, headers: { 'X-Tenant': 't' } });
    expect(answer.status).toBe(200);
    expect(headOf(answer)).toMatchObject({ status: 206, statusText: 'Partial Content', headers: { link: '<next>', 'content-type': 'application/json' } });
    expect(headOf(answer).headers['set-cookie']).toBeUndefined();
    expect(await answer.json()).toEqual({ items: [1] });
    expect(proxy.upstream.last).toMatchObject({ url: '/items?limit=2&tags[]=a&tags[]=b', headers: { authorization: 'Bearer key', 'x-tenant': 't' } });
  });

  it('answers errors of the API as they are', async () => {
    proxy.upstream.answers('/missing', json(404, { why: 'gone' }));
    const answer = await ask({ endpoint: '/missing' });
    expect([answer.status, headOf(answer).status, await answer.json()]).toEqual([200, 404, { why: 'gone' }]);
  });

  it('gets bodies decoded', async () => {
    proxy.upstream.answers('/zip', (_, response) => void response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('text')));
    const answer = await ask({ endpoint: '/zip' });
    expect([await answer.text(), headOf(answer).headers]).toEqual(['text', expect.not.objectContaining({ 'content-encoding': 'gzip' })]);
  });

  it('is told when a body broke off, plain or encoded', async () => {
    proxy.upstream.answers('/cut', (_, response) => void response.writeHead(200, { 'content-length': '100' }).write('half', () => response.destroy()));
    expect(await code(await ask({ endpoint: '/cut' }))).toEqual({ status: 502, code: 'upstream_unreachable' });
    const zipped = gzipSync('text'.repeat(1_000));
    const half = { 'content-encoding': 'gzip', 'content-length': String(zipped.length) };
    proxy.upstream.answers('/cut-zip', (_, response) => void response.writeHead(200, half).write(zipped.subarray(0, 12), () => response.destroy()));
    expect(await code(await ask({ endpoint: '/cut-zip' }))).toEqual({ status: 502, code: 'upstream_unreachable' });
  });

  it('that writes stands in the journal before it is sent, and is closed after', async () => {
    const call = randomUUID();
    let during: unknown[] = [];
    proxy.upstream.answers('/create', (_, response) => void journal(call).then((rows) => ((during = rows), response.end('{}'))));
    await ask({ call, method: 'POST', endpoint: '/create', data: { a: 1 } });
    expect(during).toEqual([{ state: 'intent', outside: true, generation: 1 }]);
    expect(await journal(call)).toEqual([{ state: 'done', outside: true, generation: 1 }]);
    expect(proxy.upstream.last).toMatchObject({ method: 'POST', headers: { 'content-type': 'application/json' } });
    expect(proxy.upstream.last.body.toString()).toBe('{"a":1}');
  });

  it('is tried again as its own retry header says', async () => {
    proxy.upstream.answers('/wait', json(429, {}, { 'x-wait': '0' }), json(200, { ok: true }));
    expect(await (await ask({ endpoint: '/wait', retries: 1, retryHeader: { after: 'X-Wait' } })).json()).toEqual({ ok: true });
  });

  it('without credentials goes to any public URL, and to none inside', async () => {
    const answer = await ask({
      uncontrolled: true,
      endpoint: `${proxy.upstream.url}/free`,
      params: 'a=1',
      method: 'POST',
      data: 'x',
      headers: { 'content-type': 'text/plain' },
    });
    expect(headOf(answer).status).toBe(200);
    expect(proxy.upstream.last).toMatchObject({ url: '/free?a=1', method: 'POST' });
    expect(proxy.upstream.last.headers.authorization).toBeUndefined();
    expect(await code(await ask({ uncontrolled: true, endpoint: 'http://169.254.169.254/' }))).toEqual({ status: 400, code: 'url_not_allowed' });
    expect(await code(await ask({ baseUrlOverride: 'http://127.0.0.1:5432' }))).toEqual({ status: 400, code: 'url_not_allowed' });
  });

  it('is left by its API when the one who asked goes away, where it only reads', async () => {
    const left = new Promise<void>((resolve) => proxy.upstream.answers('/long', (_, response) => void response.once('close', resolve)));
    const caller = new AbortController();
    const call = fetch(`${proxy.url}/internal/calls`, {
      method: 'POST',
      signal: caller.signal,
      headers: { authorization: `Bearer ${execution.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ call: randomUUID(), method: 'GET', endpoint: '/long' }),
    });
    await expect.poll(() => proxy.upstream.last.url).toBe('/long');
    caller.abort();
    await expect(call).rejects.toMatchObject({ name: 'AbortError' });
    await left;
  });

  it('is made again when the one who asked went away in the middle of its answer', async () => {
    const call = randomUUID();
    const caller = new AbortController();
    proxy.upstream.answers(
      '/cut-short',
      (_, response) => void response.write('{"n":'),
      (_, response) => void response.end('{"n":2}'),
    );
    const ask = (signal?: AbortSignal) =>
      fetch(`${proxy.url}/internal/calls`, {
        method: 'POST',
        ...(signal ? { signal } : {}),
        headers: { authorization: `Bearer ${execution.token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ call, method: 'GET', endpoint: '/cut-short' }),
      });
    const left = ask(caller.signal);
    await expect.poll(() => proxy.upstream.last.url).toBe('/cut-short');
    await new Promise((resolve) => setTimeout(resolve, 200));
    caller.abort();
    await expect(left).rejects.toMatchObject({ name: 'AbortError' });
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await (await ask()).json()).toEqual({ n: 2 });
  });

  it.each(['GET', 'POST'])('that is in a hurry says so when its API is not: %s', async (method) => {
    proxy.upstream.answers('/silent', () => undefined);
    const answer = await ask({ endpoint: '/silent', method, timeoutMs: 200 });
    expect(await answer.json()).toMatchObject({ error: { code: 'upstream_timeout', message: expect.stringContaining('200 ms') } });
    expect(await code(await ask({ timeoutMs: 0 }))).toEqual({ status: 400, code: 'invalid_body' });
  });

  it('that got no answer says so', async () => {
    proxy.upstream.answers('/dead', (_, response) => void response.destroy());
    expect(await code(await ask({ endpoint: '/dead' }))).toEqual({ status: 502, code: 'upstream_unreachable' });
  });

  it('may name its own connection and no other', async () => {
    const other = await proxy.aConnection();
    const foreign = await proxy.aConnection({ environment: 'prod' });
    expect((await ask({ connectionId: connection.connectionId, providerConfigKey: connection.providerConfigKey })).status).toBe(200);
    for (const { connectionId, providerConfigKey } of [other, foreign, { ...connection, connectionId: 'nope' }]) {
      expect(await code(await ask({ connectionId, providerConfigKey }))).toEqual({ status: 403, code: 'forbidden' });
    }
  });

  it('is refused without a token, with a made-up one, with a key or a service token, and when the execution is over', async () => {
    const tokens = ['', `exe_${'x'.repeat(43)}`, proxy.environments.dev.secretKey, proxy.serviceToken('runner')];
    for (const token of tokens) expect(await code(await ask({}, token))).toEqual({ status: 401, code: 'unauthorized' });
    const ended = await proxy.anExecution(connection);
    await proxy.pool.query(`UPDATE execution SET status = 'succeeded' WHERE id = $1`, [ended.id]);
    expect(await code(await ask({}, ended.token))).toEqual({ status: 401, code: 'unauthorized' });
  });

  it('is refused when it is malformed, naming the field', async () => {
    const answer = await ask({ method: 'TRACE' });
    expect([answer.status, await answer.json()]).toMatchObject([400, { error: { code: 'invalid_body', errors: [{ path: ['method'] }] } }]);
  });
});
