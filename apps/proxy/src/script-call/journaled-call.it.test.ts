import { randomUUID } from 'node:crypto';
import { CallReply, callHeader } from 'model';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestConnection, TestProxy } from '../test/proxy.js';
import { json } from '../test/upstream.js';

const replyOf = (answer: Response): CallReply => CallReply.parse(JSON.parse(Buffer.from(answer.headers.get(callHeader) ?? '', 'base64url').toString()));
const code = async (answer: Response) => ({ status: answer.status, code: ((await answer.json()) as { error: { code: string } }).error.code });

describe("a script's call in the journal", () => {
  let proxy: TestProxy;
  let connection: TestConnection;
  let execution: { id: string; token: string };
  beforeAll(async () => {
    proxy = await TestProxy.start({ NANGO_RATE_GOVERNOR: 'off' });
    connection = await proxy.aConnection();
    execution = await proxy.anExecution(connection);
  });
  afterAll(() => proxy?.stop());

  const ask = (call: object, token = execution.token) => proxy.inside('calls', token, { call: randomUUID(), method: 'GET', endpoint: '/items', ...call });
  const seen = (path: string) => proxy.upstream.seen.filter(({ url }) => url === path).length;
  const entry = async (call: string) => (await proxy.pool.query('SELECT state, tape_from, retries_used FROM journal_entry WHERE call = $1', [call])).rows[0];
  const until = async (condition: () => boolean | Promise<boolean>) => {
    while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 20));
  };
  /** A proxy has sent this call and died. */
  const left = async (call: object) => {
    const id = randomUUID();
    await proxy.pool.query(
      `INSERT INTO journal_entry (execution_id, call, environment_id, generation, state, outside, lease_token, lease_until)
       VALUES ($1, $2, $3, 1, 'intent', true, $4, now() - interval '1 second')`,
      [execution.id, id, proxy.environments.dev.id, randomUUID()],
    );
    return ask({ call: id, ...call });
  };

  it.each(['GET', 'POST', 'PUT', 'DELETE'])('a %s is made once, and answered from the record after that', async (method) => {
    const [call, path] = [randomUUID(), `/once-${method}`];
    proxy.upstream.answers(path, json(201, { n: 1 }, { etag: 'a' }), json(200, { n: 2 }));
    for (let times = 0; times < 2; times += 1) {
      const answer = await ask({ call, method, endpoint: path, tape: { from: 0, text: 'C1' } });
      expect([replyOf(answer), await answer.json()]).toMatchObject([{ status: 201, headers: { etag: 'a' } }, { n: 1 }]);
    }
    expect(seen(path)).toBe(1);
    expect(await entry(call)).toEqual({ state: 'done', tape_from: 0, retries_used: 0 });
  });

  it.each(['GET', 'POST'])('the failure of a %s is recorded like a result', async (method) => {
    const [call, path] = [randomUUID(), `/fails-${method}`];
    proxy.upstream.answers(path, (_, response) => void response.destroy(), json(200, {}));
    for (let times = 0; times < 2; times += 1)
      expect(await code(await ask({ call, method, endpoint: path }))).toEqual({ status: 502, code: 'upstream_unreachable' });
    expect(seen(path)).toBe(1);
  });

  it('a write goes on without its caller, and whoever asks meanwhile waits for its result', async () => {
    const call = randomUUID();
    const release = Promise.withResolvers<void>();
    proxy.upstream.answers('/slow', (_, response) => void release.promise.then(() => response.end('{"ok":true}')));
    const caller = new AbortController();
    const first = fetch(`${proxy.url}/internal/calls`, {
      method: 'POST',
      signal: caller.signal,
      headers: { authorization: `Bearer ${execution.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ call, method: 'POST', endpoint: '/slow' }),
    }).catch(() => 'gone');
    await until(() => seen('/slow') === 1);
    caller.abort();
    expect(await first).toBe('gone');
    const twin = await proxy.aTwin();
    const request = {
      method: 'POST',
      headers: { authorization: `Bearer ${execution.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ call, method: 'POST', endpoint: '/slow' }),
    };
    const others = [ask({ call, method: 'POST', endpoint: '/slow' }), fetch(`${twin.url}/internal/calls`, request)];
    setTimeout(release.resolve, 300);
    for (const answer of await Promise.all(others)) expect(await answer.json()).toEqual({ ok: true });
    expect(seen('/slow')).toBe(1);
    await twin.close();
  });

  it('a write of an attempt that was taken over is recorded all the same, and none is begun for it', async () => {
    const call = randomUUID();
    const run = await proxy.anExecution(connection);
    const release = Promise.withResolvers<void>();
    proxy.upstream.answers('/taken', (_, response) => void release.promise.then(() => response.end('{}')));
    const first = ask({ call, method: 'POST', endpoint: '/taken' }, run.token);
    await until(() => seen('/taken') === 1);
    await proxy.pool.query('UPDATE execution SET generation = 2 WHERE id = $1', [run.id]);
    release.resolve();
    expect((await first).status).toBe(200);
    expect(await entry(call)).toMatchObject({ state: 'done' });
  });

  it.concurrent.each(['POST', 'PATCH'])('a %s whose proxy died is not sent again, and its script is told so', async (method) => {
    const endpoint = `/left-${method}`;
    const answer = await left({ method, endpoint });
    expect(await answer.json()).toMatchObject({ error: { code: 'call_outcome_unknown', payload: { method, endpoint } } });
    expect(seen(endpoint)).toBe(0);
  });

  it.concurrent.each([
    ['PUT', '/left', {}],
    ['DELETE', '/left', {}],
    ['POST', '/left-with-a-key', { headers: { 'Idempotency-Key': 'k' } }],
    ['POST', '/left-with-retries', { retries: 1 }],
  ])('a %s whose proxy died is sent again where that is safe: %s %j', async (method, path, more) => {
    const endpoint = `${path}-${method}-again`;
    expect((await left({ method, endpoint, ...more })).status).toBe(200);
    expect(seen(endpoint)).toBe(1);
  });

  it.each(['GET', 'PUT'])('a %s that would wait long is parked where that was asked, with the tries it has used', async (method) => {
    const [call, path] = [randomUUID(), `/busy-${method}`];
    proxy.upstream.answers(path, json(429, {}, { 'retry-after': '60' }), json(200, { ok: true }));
    const asked = { call, method, endpoint: path, retries: 1, longWait: 'park' };
    const reply = replyOf(await ask(asked));
    expect('parkedUntil' in reply && Date.parse(reply.parkedUntil) - Date.now()).toBeGreaterThan(55_000);
    expect(await entry(call)).toMatchObject({ state: 'intent', retries_used: 1 });
    expect(await (await ask(asked)).json()).toEqual({ ok: true });
    expect(await entry(call)).toMatchObject({ state: 'done' });
  });

  it('a parked call does not wait for ever: its tries are used up at last', async () => {
    const call = randomUUID();
    proxy.upstream.answers('/never', json(429, {}, { 'retry-after': '60' }));
    const asked = { call, endpoint: '/never', retries: 1, longWait: 'park' };
    expect(replyOf(await ask(asked))).toHaveProperty('parkedUntil');
    expect(replyOf(await ask(asked))).toMatchObject({ status: 429 });
  });

  it('a connection comes back as it was, with its credential as it is now, and none is kept', async () => {
    const own = await proxy.aConnection({ credentials: { type: 'API_KEY', apiKey: 'old-secret-key' } });
    const { token } = await proxy.anExecution(own);
    const call = randomUUID();
    const read = async () => (await proxy.inside('connections', token, { call })).json();
    expect(await read()).toMatchObject({ metadata: { plan: 'pro' }, credentials: { apiKey: 'old-secret-key' } });
    await proxy.pool.query(`UPDATE connection SET metadata = '{"plan":"free"}' WHERE id = $1`, [own.id]);
    await proxy.replaceCredential(own, { type: 'API_KEY', apiKey: 'new-secret-key' });
    expect(await read()).toMatchObject({ metadata: { plan: 'pro' }, credentials: { apiKey: 'new-secret-key' } });
    expect(JSON.stringify(await proxy.recorded(own, call))).not.toContain('secret-key');
  });
});
