import { Client, Connection } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { randomUUID } from 'node:crypto';
import { quietTemporal, temporalAddress } from 'stack/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { queueNames, runScriptActivity } from './names.js';
import { actionActivityOptions, priorities } from './script-activity.js';

describe("the runners' queue", () => {
  let connection: NativeConnection;
  let client: Client;

  beforeAll(async () => {
    await quietTemporal();
    connection = await NativeConnection.connect({ address: temporalAddress() });
    client = new Client({ connection: await Connection.connect({ address: temporalAddress() }) });
  });
  afterAll(async () => {
    await connection?.close();
    await client?.connection.close();
  });

  /** Queues tasks before anybody takes them, and tells in which order they are then handed out. */
  async function handedOut(tasks: { name: string; count: number; environmentId: number; priorityKey: number }[]): Promise<string[]> {
    const prefix = `test-${randomUUID()}`;
    for (const { name, count, environmentId, priorityKey } of tasks) {
      const start = () => {
        const options = actionActivityOptions(randomUUID(), environmentId, prefix);
        return client.activity.start(runScriptActivity, { ...options, args: [{ executionId: name }], priority: { ...options.priority, priorityKey } });
      };
      for (let left = count; left > 0; left -= 10) await Promise.all(Array.from({ length: Math.min(10, left) }, start));
    }
    const order: string[] = [];
    const total = tasks.reduce((sum, { count }) => sum + count, 0);
    const done = Promise.withResolvers<void>();
    const runScript = async ({ executionId }: { executionId: string }) => {
      order.push(executionId);
      await new Promise((resolve) => setTimeout(resolve, 10));
      if (order.length === total) done.resolve();
    };
    const taskQueue = queueNames(prefix).scripts;
    const worker = await Worker.create({ connection, taskQueue, activities: { runScript }, maxConcurrentActivityTaskExecutions: 1 });
    await worker.runUntil(done.promise);
    return order;
  }

  it('serves environments in turn, however much one of them asks for', async () => {
    const { incrementalSync: priorityKey } = priorities;
    const order = await handedOut([
      { name: 'loud', count: 80, environmentId: 1, priorityKey },
      { name: 'quiet', count: 5, environmentId: 2, priorityKey },
    ]);
    expect(order.lastIndexOf('quiet')).toBeLessThan(15);
  });

  it('serves who waits for an answer before what runs in the background', async () => {
    const order = await handedOut([
      { name: 'sync', count: 40, environmentId: 1, priorityKey: priorities.initialSync },
      { name: 'action', count: 3, environmentId: 1, priorityKey: priorities.action },
    ]);
    expect(order.lastIndexOf('action')).toBeLessThan(10);
  });
});
