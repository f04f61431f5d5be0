import { randomUUID } from 'node:crypto';
import type { FinishRequest } from 'model';
import { freePort } from 'stack/testing';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { aConnection, anIntegration } from '../../test/builders.js';
import { aServer, type Answer, type Ask, type TestServer } from '../../test/server.js';
import { anActionFlow, deploy } from '../deploy/test/a-deploy.js';
import { aScriptWorker } from './test/a-script-worker.js';

type Worker = Awaited<ReturnType<typeof aScriptWorker>>;

async function aServerWithAction(
  env: Record<string, string> = {},
): Promise<{ server: TestServer; key: string; trigger: (body?: object, ask?: Ask) => Promise<Answer> }> {
  const server = await aServer(env);
  const { id: integrationId, uniqueKey: key } = await anIntegration(server);
  await aConnection(server, { integrationId, connectionId: 'c1' });
  await deploy(server, [anActionFlow('greet', key), anActionFlow('off', key)]);
  await server.database.script.updateMany({ where: { name: 'off' }, data: { enabled: false } });
  const headers = { 'connection-id': 'c1', 'provider-config-key': key };
  const trigger = (body: object = {}, ask: Ask = {}) =>
    server.ask('/action/trigger', { method: 'POST', body: { action_name: 'greet', ...body }, ...ask, headers: { ...headers, ...ask.headers } });
  return { server, key, trigger };
}

describe('an action', () => {
  let server: TestServer;
  let worker: Worker;
  let trigger: (body?: object, ask?: Ask) => Promise<Answer>;

  beforeAll(async () => {
    ({ server, trigger } = await aServerWithAction());
    worker = await aScriptWorker(server, play);
  });
  afterAll(async () => {
    await worker?.stop();
    await server?.close();
  });

  it.each([[{ ok: true }], ['text'], [0], [false], [null], [[1, 2]]])('answers its output %j as JSON', async (output) => {
    const answer = await trigger({ input: { output } });
    expect([answer.status, answer.body]).toEqual([200, output]);
    expect(answer.headers.get('content-type')).toContain('application/json');
  });

  it('answers null when it returns nothing, and runs without an input', async () => {
    expect((await trigger({ input: { output: undefined } })).body).toBeNull();
    expect((await trigger()).body).toBe('no input');
  });

  it('keeps its input and output sealed, and has an operation', async () => {
    await trigger({ input: { output: 'a secret word' } });
    const row = await server.database.execution.findFirstOrThrow({ orderBy: { createdAt: 'desc' } });
    expect(row.status).toBe('succeeded');
    expect(`${row.input}${row.output}`).not.toContain('secret');
    expect(await server.database.operation.findFirst({ where: { executionId: row.id } })).toMatchObject({
      kind: 'action',
      status: 'success',
      script: 'greet',
      connectionId: 'c1',
    });
  });

  it('answers the error of an external API with 424 and what it said', async () => {
    const error = {
      code: 'script_http_error',
      message: 'Request failed',
      payload: { no: 1 },
      upstream: { status: 403, headers: { 'content-type': 'text/plain' }, body: 'no' },
    };
    const answer = await trigger({ input: { error } });
    expect([answer.status, answer.body]).toEqual([424, { error }]);
  });

  it('answers an ActionError with 500 and its payload', async () => {
    const error = { code: 'action_script_runtime_error', message: 'Nope', payload: { field: 'name' } };
    const answer = await trigger({ input: { error } });
    expect([answer.status, answer.body]).toEqual([500, { error }]);
  });

  it.each([
    [404, 'not_found', { action_name: 'nothing' }, {}],
    [404, 'disabled_resource', { action_name: 'off' }, {}],
    [400, 'invalid_body', { action_name: undefined }, {}],
    [400, 'unknown_connection', {}, { 'connection-id': 'nobody' }],
    [400, 'unknown_provider_config', {}, { 'provider-config-key': 'nowhere' }],
    [400, 'missing_connection_id', {}, { 'connection-id': '' }],
    [400, 'missing_provider_config_key', {}, { 'provider-config-key': '' }],
    [400, 'invalid_headers', {}, { 'idempotency-key': 'x'.repeat(256) }],
  ] as [number, string, object, Record<string, string>][])('is refused with %d %s', async (status, code, body, headers) => {
    const answer = await trigger(body, { headers });
    expect([answer.status, answer.body.error.code]).toEqual([status, code]);
  });

  it('is out of reach for another environment and without a key', async () => {
    expect((await trigger({}, { as: 'prod' })).body.error.code).toBe('unknown_provider_config');
    expect((await trigger({}, { as: null })).status).toBe(401);
  });

  it('runs once for callers with the same idempotency key', async () => {
    const before = worker.runs.length;
    const headers = { 'idempotency-key': 'pay-1' };
    const answers = await Promise.all([1, 2, 3].map((output) => trigger({ input: { output, waitMs: 200 } }, { headers })));
    const later = await trigger({ input: { output: 4 } }, { headers });
    expect(new Set([...answers, later].map(({ body }) => body)).size).toBe(1);
    expect(worker.runs.length - before).toBe(1);
  });

  it('runs to its end when the caller goes away', async () => {
    const before = worker.runs.length;
    const signal = AbortSignal.timeout(150);
    const request = { method: 'POST', signal, body: JSON.stringify({ action_name: 'greet', input: { output: 'late', waitMs: 500 } }) };
    const { uniqueKey } = await server.database.integration.findFirstOrThrow();
    const headers = {
      authorization: `Bearer ${server.environments.dev.secretKey}`,
      'content-type': 'application/json',
      'connection-id': 'c1',
      'provider-config-key': uniqueKey,
    };
    await expect(fetch(`${server.url}/action/trigger`, { ...request, headers })).rejects.toThrow('aborted');
    await expect.poll(() => worker.runs.length - before).toBe(1);
    const id = worker.runs.at(-1) ?? '';
    await expect.poll(async () => (await server.database.execution.findUniqueOrThrow({ where: { id } })).status).toBe('succeeded');
  });

  describe('whose result is asked for later', () => {
    it('is answered with where it will be', async () => {
      const answer = await trigger({}, { headers: { 'x-async': 'true' } });
      expect(answer.status).toBe(202);
      expect(answer.body).toEqual({ id: expect.any(String), statusUrl: `/action/${answer.body.id}` });
      expect(answer.headers.get('location')).toBe(answer.body.statusUrl);
      expect((await server.ask(answer.body.statusUrl)).status).toBe(404);
    });

    it('is queued for its turn, with the retries that its caller allows', async () => {
      const queued = async (headers: Record<string, string>) => {
        const { body } = await trigger({}, { headers: { 'x-async': 'true', ...headers } });
        return server.database.asyncAction.findUniqueOrThrow({ where: { executionId: body.id } });
      };
      expect(await queued({})).toMatchObject({ maxRetries: 0, startedAt: null, settledAt: null });
      expect(await queued({ 'x-max-retries': '5' })).toMatchObject({ maxRetries: 5 });
      for (const retries of ['6', '-1', 'two', '1.5']) {
        const answer = await trigger({}, { headers: { 'x-async': 'true', 'x-max-retries': retries } });
        expect([answer.status, answer.body.error.code]).toEqual([400, 'invalid_headers']);
      }
    });

    it('is the same one for callers with the same idempotency key', async () => {
      const headers = { 'x-async': 'true', 'idempotency-key': 'later-1' };
      const answers = await Promise.all([1, 2, 3].map(() => trigger({}, { headers })));
      expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
      expect(await server.database.asyncAction.count({ where: { executionId: answers[0]?.body.id } })).toBe(1);
    });

    it('is the outcome of its last try, and not found before that is final', async () => {
      const { body } = await trigger({}, { headers: { 'x-async': 'true', 'x-max-retries': '1' } });
      await trigger({ input: { error: { code: 'script_internal_error', message: 'Broken' } } });
      const failed = worker.runs.at(-1) ?? '';
      await server.database.asyncAction.update({ where: { executionId: body.id }, data: { currentId: failed } });
      expect((await server.ask(body.statusUrl)).status).toBe(404);
      await server.database.asyncAction.update({ where: { executionId: body.id }, data: { settledAt: new Date() } });
      expect(await server.ask(body.statusUrl)).toMatchObject({ status: 500, body: { error: { message: 'Broken' } } });
      expect((await server.ask(body.statusUrl, { as: 'prod' })).status).toBe(404);
    });

    it('is there when it has ended, for its own environment alone', async () => {
      await trigger({ input: { output: { ok: 1 } } });
      const id = worker.runs.at(-1);
      expect((await server.ask(`/action/${id}`)).body).toEqual({ ok: 1 });
      expect((await server.ask(`/action/${id}`, { as: 'prod' })).status).toBe(404);
      expect((await server.ask(`/action/${id}`, { as: null })).status).toBe(401);
    });

    it('is the error it failed with', async () => {
      await trigger({ input: { error: { code: 'script_internal_error', message: 'Broken' } } });
      expect(await server.ask(`/action/${worker.runs.at(-1)}`)).toMatchObject({ status: 500, body: { error: { code: 'script_internal_error' } } });
    });

    it('is not found by another id', async () => {
      expect((await server.ask(`/action/${randomUUID()}`)).body.error.code).toBe('not_found');
      expect((await server.ask('/action/seven')).body.error.code).toBe('invalid_uri_params');
    });
  });
});

describe('an action while Temporal is away', () => {
  let server: TestServer;
  let trigger: (body?: object, ask?: Ask) => Promise<Answer>;

  beforeAll(async () => {
    ({ server, trigger } = await aServerWithAction({ TEMPORAL_ADDRESS: `127.0.0.1:${await freePort()}` }));
  });
  afterAll(() => server?.close());

  it('is refused with 503 and when to come again, and will not run', async () => {
    const { status, body, headers } = await trigger({}, { headers: { 'idempotency-key': randomUUID() } });
    expect([status, body.error.code, headers.get('retry-after')]).toEqual([503, 'temporal_unavailable', '5']);
    const rows = await server.database.execution.findMany({ select: { status: true, idempotencyKey: true } });
    expect(rows).toEqual([{ status: 'failed', idempotencyKey: null }]);
  });

  it('is queued where nobody waits for it', async () => {
    const answer = await trigger({}, { headers: { 'x-async': 'true' } });
    expect(answer.status).toBe(202);
    expect(await server.database.execution.findUnique({ where: { id: answer.body.id }, select: { status: true } })).toEqual({ status: 'queued' });
  });
});

describe('an action without a runner', () => {
  let server: TestServer;
  let trigger: (body?: object, ask?: Ask) => Promise<Answer>;

  beforeAll(async () => {
    ({ server, trigger } = await aServerWithAction());
  });
  afterAll(() => server?.close());

  it.runIf(inject('long'))('is given up after half a minute with 503, will not run later, and may be asked for again under its key', async () => {
    const headers = { 'idempotency-key': 'again' };
    const startedAt = Date.now();
    const answer = await trigger({}, { headers });
    expect(Date.now() - startedAt).toBeGreaterThan(25_000);
    expect(Date.now() - startedAt).toBeLessThan(45_000);
    expect([answer.status, answer.body.error.code, answer.headers.get('retry-after')]).toEqual([503, 'runner_unavailable', '5']);
    expect(await server.database.execution.findMany({ select: { status: true, idempotencyKey: true } })).toEqual([{ status: 'failed', idempotencyKey: null }]);
    const worker = await aScriptWorker(server, play);
    expect(await trigger({ input: { output: 'now' } }, { headers })).toMatchObject({ status: 200, body: 'now' });
    expect(worker.runs).toHaveLength(1);
    await worker.stop();
  });

  it.runIf(inject('long'))('goes on when one is there again, if it had begun', { timeout: 90_000 }, async () => {
    const dying = Promise.withResolvers<void>();
    const first = await aScriptWorker(server, () => {
      dying.resolve();
      throw new Error('the runner dies');
    });
    const answer = trigger({ input: { output: 'at last' } });
    await dying.promise;
    await first.stop();
    // Longer than Temporal looks for a runner.
    await new Promise((resolve) => setTimeout(resolve, 35_000));
    const second = await aScriptWorker(server, play);
    expect(await answer).toMatchObject({ status: 200, body: 'at last' });
    expect(second.runs).toEqual(first.runs);
    await second.stop();
  });
});

/** Scripts that do what their input says. */
async function play(input: unknown): Promise<FinishRequest> {
  if (input === undefined) return { kind: 'succeeded', output: 'no input' };
  const { output, error, waitMs } = input as { output?: unknown; error?: { code: string; message: string }; waitMs?: number };
  if (waitMs) await new Promise((resolve) => setTimeout(resolve, waitMs));
  return error ? { kind: 'failed', error } : { kind: 'succeeded', output };
}
