import { Client, type WorkflowHandleWithFirstExecutionRunId } from '@temporalio/client';
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

  // Nobody takes its tasks: what counts is what it is asked.
  const aWorkflow = (syncId: string): Promise<WorkflowHandleWithFirstExecutionRunId> =>
    client.workflow.start(workflowTypes.syncRun, { taskQueue: `nobody-${randomUUID()}`, workflowId: `test-${randomUUID()}`, args: [{ syncId }] });

  /** Opens a sync's run, as its workflow would. */
  async function open({ syncId, connectionId }: { syncId: string; connectionId: number }, handle: WorkflowHandleWithFirstExecutionRunId): Promise<void> {
    const executionId = randomUUID();
    const workflowRunId = workflowRunName(handle.workflowId, handle.firstExecutionRunId);
    const row = { environmentId, kind: 'sync', status: 'running', connectionId, scriptVersionId: 1, syncId, operationId: randomUUID(), workflowRunId };
    await server.database.execution.create({ data: { id: executionId, ...row } });
    await server.database.sync.update({ where: { id: syncId }, data: { leaseExecutionId: executionId } });
  }

  async function cancellations(handle: WorkflowHandleWithFirstExecutionRunId): Promise<number | undefined> {
    const { events } = await handle.fetchHistory();
    return events?.filter((event) => event.workflowExecutionCancelRequestedEventAttributes).length;
  }

  it('waits for the run to open, and ends it', async () => {
    const { syncId, connectionId } = await anOwedSync();
    const handle = await aWorkflow(syncId);
    const cancelled = cancel(syncId);
    // Longer than it takes to hand a request over.
    await wait(1_500);
    await open({ syncId, connectionId }, handle);
    await server.database.sync.update({ where: { id: syncId }, data: { runOwedSince: null } });
    await cancelled;
    expect(await cancellations(handle)).toBe(1);
    await handle.terminate();
  });

  it('ends that one, too, when another one was under way', async () => {
    const { syncId, connectionId } = await anOwedSync();
    const [running, coming] = [await aWorkflow(syncId), await aWorkflow(syncId)];
    await open({ syncId, connectionId }, running);
    const cancelled = cancel(syncId);
    // It takes a while to end.
    await wait(1_000);
    await open({ syncId, connectionId }, coming);
    await server.database.sync.update({ where: { id: syncId }, data: { runOwedSince: null } });
    await cancelled;
    expect([await cancellations(running), await cancellations(coming)]).toEqual([1, 1]);
    await Promise.all([running.terminate(), coming.terminate()]);
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
