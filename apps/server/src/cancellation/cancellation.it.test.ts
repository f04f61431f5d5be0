import { randomUUID } from 'node:crypto';
import { Context } from '@temporalio/activity';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aConnection, anIntegration } from '../../test/builders.js';
import { aServer, type TestServer } from '../../test/server.js';
import { aScriptWorker } from '../action/test/a-script-worker.js';
import { anActionFlow, deploy } from '../deploy/test/a-deploy.js';

describe('cancelling an action', () => {
  let server: TestServer;
  let key: string;

  beforeAll(async () => {
    server = await aServer();
    const { id: integrationId, uniqueKey } = await anIntegration(server);
    key = uniqueKey;
    await aConnection(server, { integrationId, connectionId: 'c1' });
    await deploy(server, [anActionFlow('greet', key)]);
  });
  afterAll(() => server?.close());

  const headers = () => ({ 'connection-id': 'c1', 'provider-config-key': key });
  const trigger = () => server.ask('/action/trigger', { method: 'POST', body: { action_name: 'greet' }, headers: headers() });
  const cancel = (id: string, as?: 'prod' | null) => server.ask(`/action/${id}/cancel`, { method: 'POST', ...(as === undefined ? {} : { as }) });
  const newest = async () => server.database.execution.findFirst({ orderBy: { createdAt: 'desc' } });

  it('ends one that no runner has taken, and answers who waits for it', async () => {
    const answer = trigger();
    await expect.poll(async () => (await newest())?.status).toBe('queued');
    const id = (await newest())?.id ?? '';
    // The row is there a moment before Temporal knows of it.
    await expect.poll(async () => (await cancel(id), (await newest())?.status)).toBe('cancelled');
    const { status, body } = await answer;
    expect([status, body.error.code]).toEqual([500, 'script_aborted']);
    expect(await server.database.operation.findFirst({ where: { executionId: id } })).toMatchObject({ status: 'cancelled' });
  });

  it('reaches the runner of one that runs, and stays as it ended', async () => {
    const worker = await aScriptWorker(server, async () => {
      const beat = setInterval(() => Context.current().heartbeat(), 200);
      await Context.current().cancelled.catch(() => undefined);
      clearInterval(beat);
      return { kind: 'cancelled' };
    });
    const answer = trigger();
    await expect.poll(() => worker.runs.length).toBe(1);
    const id = worker.runs[0] ?? '';
    expect((await cancel(id)).body).toEqual({ success: true });
    expect((await answer).body.error.code).toBe('script_aborted');
    expect((await cancel(id)).status).toBe(200);
    expect((await newest())?.status).toBe('cancelled');
    await worker.stop();
  });

  it('is refused for what is not there, is elsewhere, or without a key', async () => {
    const id = (await newest())?.id ?? '';
    expect((await cancel(randomUUID())).body.error.code).toBe('not_found');
    expect((await cancel(id, 'prod')).body.error.code).toBe('not_found');
    expect((await cancel(id, null)).status).toBe(401);
    expect((await cancel('greet')).body.error.code).toBe('invalid_uri_params');
  });
});
