import { Client } from '@temporalio/client';
import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { workflowRunName, workflowTypes } from 'workflows';
import { aConnection, anIntegration, aSync, aSyncScript } from '../../test/builders.js';
import { aServer, type TestServer } from '../../test/server.js';
import { CancellationService } from './cancellation.service.js';

describe('cancelling a sync whose run Temporal has been asked for', () => {
  let server: TestServer;
  let client: Client;
  let environmentId: number;

  beforeAll(async () => {
    server = await aServer();
    client = server.app.get(Client, { strict: false });
    environmentId = server.environments.dev.id;
  });
  afterAll(() => server?.close());

  const cancel = (syncId: string): Promise<void> => server.app.get(CancellationService, { strict: false }).cancelSyncs(environmentId, [syncId]);

  async function anOwedSync(): Promise<{ syncId: string; connectionId: number }> {
    const { id: integrationId } = await anIntegration(server);
    const { id: connectionId } = await aConnection(server, { integrationId });
    const { id: scriptId } = await aSyncScript(server, { integrationId });
    const { id: syncId } = await aSync(server, { connectionId, scriptId });
    await server.database.sync.update({ where: { id: syncId }, data: { runOwedSince: new Date() } });
    return { syncId, connectionId };
  }

  it('waits for the run to open, and ends it', async () => {
    const { syncId, connectionId } = await anOwedSync();
    // Nobody takes its tasks: what counts is what it is asked.
    const workflow = { taskQueue: `nobody-${randomUUID()}`, workflowId: `test-${randomUUID()}`, args: [{ syncId }] };
    const handle = await client.workflow.start(workflowTypes.syncRun, workflow);
    const cancelled = cancel(syncId);
    // Longer than it takes to hand a request over.
    await wait(1_500);
    const executionId = randomUUID();
    const workflowRunId = workflowRunName(handle.workflowId, handle.firstExecutionRunId);
    const row = { environmentId, kind: 'sync', status: 'running', connectionId, scriptVersionId: 1, syncId, operationId: randomUUID(), workflowRunId };
    await server.database.execution.create({ data: { id: executionId, ...row } });
    await server.database.sync.update({ where: { id: syncId }, data: { runOwedSince: null, leaseExecutionId: executionId } });
    await cancelled;
    const { events } = await handle.fetchHistory();
    expect(events?.filter((event) => event.workflowExecutionCancelRequestedEventAttributes)).toHaveLength(1);
    await handle.terminate();
  });

  it('waits no longer once the run is owed no more', async () => {
    const { syncId } = await anOwedSync();
    const startedAt = Date.now();
    const cancelled = cancel(syncId);
    await server.database.sync.update({ where: { id: syncId }, data: { runOwedSince: null } });
    await cancelled;
    expect(Date.now() - startedAt).toBeLessThan(5_000);
  });
});
