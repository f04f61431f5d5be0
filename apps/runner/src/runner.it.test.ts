import { sharedStack, type TestStack } from 'stack/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anApi, Workbench } from './test/platform.js';

let stack: TestStack;
let bench: Workbench;
let api: Awaited<ReturnType<typeof anApi>>;
let failures = 0;

beforeAll(async () => {
  stack = await sharedStack();
  api = await anApi((request, body) => {
    if (request.url?.startsWith('/flaky')) return failures++ === 0 ? { status: 503, headers: { 'retry-after': '0' } } : { body: { ok: true } };
    if (request.url?.startsWith('/missing')) return { status: 404, body: { error: 'no such thing' } };
    if (request.url?.startsWith('/html')) return { status: 502, headers: { 'content-type': 'text/html' }, body: '<h1>Bad gateway</h1>' };
    return { body: { url: request.url, authorization: request.headers.authorization, body } };
  });
  bench = new Workbench(stack);
  await bench.open(api.url);
  await bench.deploy({
    noop: '',
    echo: 'return { input, connection: nango.connectionId, provider: nango.provider }',
    fetches: "const { data } = await nango.post({ endpoint: '/things', params: { a: 'x y' }, data: { n: 1 } }); return data",
    retries: "return (await nango.get({ endpoint: '/flaky', retries: 1 })).data",
    missing: "await nango.get({ endpoint: '/missing' })",
    html: "await nango.get({ endpoint: '/html' })",
    reads: 'return { token: await nango.getToken(), metadata: await nango.getMetadata(), variables: await nango.getEnvironmentVariables() }',
    writes: 'await nango.setMetadata({ a: 1, b: 1 }); await nango.updateMetadata({ b: 2 }); return nango.getMetadata()',
    throws: "throw new nango.ActionError({ reason: 'not today' })",
    breaks: 'null.x',
    bomb: 'const all = []; for (;;) all.push(new Array(1000).fill(Math.random()))',
    exits: 'process.exit(0)',
    waits: 'await new Promise(() => {})',
    large: 'return "x".repeat(3_000_000)',
    parent: `return [await nango.triggerAction('${bench.key}', 'connection-1', 'echo', { from: 'parent' }), await nango.triggerAction('${bench.key}', 'connection-1', 'throws').catch((error) => [error.code, error.payload])]`,
    endless: `return nango.triggerAction('${bench.key}', 'connection-1', 'endless')`,
    logs: "await nango.log('hello', { a: 1 }, { level: 'warn' }); console.log('from console')",
  });
}, 120_000);
afterAll(() => api?.close());

const problemOf = ({ body }: { body: unknown }) => (body as { error: { code: string; payload?: unknown; message?: string } }).error;

describe('an action', () => {
  it('gets its input and answers its output', async () => {
    expect(await bench.act('echo', { a: [1, null] })).toMatchObject({
      status: 200,
      body: { input: { a: [1, null] }, connection: 'connection-1', provider: 'private-api-bearer' },
    });
  });

  it("calls the API with the connection's credential, which it never sees itself", async () => {
    const { body } = await bench.act('fetches');
    expect(body).toEqual({ url: '/things?a=x+y', authorization: 'Bearer secret-key-1', body: '{"n":1}' });
  });

  it('has its calls retried as often as it asks', async () => {
    expect(await bench.act('retries')).toMatchObject({ status: 200, body: { ok: true } });
    expect(api.seen.filter((call) => call.includes('flaky'))).toHaveLength(2);
  });

  it('reads and writes its connection', async () => {
    expect((await bench.act('reads')).body).toMatchObject({ token: { type: 'API_KEY', apiKey: 'secret-key-1' }, metadata: {}, variables: expect.any(Array) });
    expect((await bench.act('writes')).body).toEqual({ a: 1, b: 2 });
  });

  it('runs other actions, and catches what they throw', async () => {
    const { body } = await bench.act('parent');
    expect(body).toEqual([
      { input: { from: 'parent' }, connection: 'connection-1', provider: 'private-api-bearer' },
      ['action_script_runtime_error', { reason: 'not today' }],
    ]);
  });

  it('may not call itself for ever', async () => {
    expect(problemOf(await bench.act('endless'))).toMatchObject({ code: 'resource_capped' });
  });
});

describe('an action that fails', () => {
  it.each([
    ['missing', 424, 'script_http_error'],
    ['html', 424, 'script_http_error'],
    ['throws', 500, 'action_script_runtime_error'],
    ['breaks', 500, 'script_internal_error'],
    ['bomb', 500, 'script_out_of_memory'],
    ['exits', 500, 'script_internal_error'],
    ['waits', 500, 'script_internal_error'],
    ['large', 400, 'script_output_too_large'],
  ])('%s: answers %i %s, and the next one runs', async (name, status, code) => {
    const answer = await bench.act(name);
    expect(answer.status).toBe(status);
    expect(problemOf(answer).code).toBe(code);
    const next = await bench.act('echo', 1);
    expect(next.status).toBe(200);
    expect(next.ms).toBeLessThan(2_000);
  });

  it("carries the upstream's answer", async () => {
    expect(await bench.act('missing')).toMatchObject({ body: { error: { payload: { error: 'no such thing' } } } });
  });
});
