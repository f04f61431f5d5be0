import { randomUUID } from 'node:crypto';
import { type Pool, POOL, transaction } from 'database';
import { closeExecution, executionPurposes, ExecutionStore, sealJson } from 'journal/postgres';
import type { FinishAnswer, FinishRequest } from 'model';
import { aWorker } from 'stack/testing';
import { queueNames } from 'workflows';
import type { TestServer } from '../../../test/server.js';

/** How a script ends, told from its input. */
export type Play = (input: unknown) => FinishRequest | Promise<FinishRequest>;

/** A runner as far as the server sees one: begins what is queued, plays the script, ends the row. `runs` counts them. */
export async function aScriptWorker(server: TestServer, play: Play): Promise<{ runs: string[]; stop(): Promise<void> }> {
  const pool = server.app.get<Pool>(POOL);
  const executions = new ExecutionStore(pool, server.vault);
  const runs: string[] = [];
  const runScript = async ({ executionId }: { executionId: string }): Promise<FinishAnswer> => {
    const begun = await executions.begin(executionId, { activityId: randomUUID(), attempt: 1, scheduledAt: new Date().toISOString() });
    if (begun.kind !== 'run') return { status: begun.kind === 'over' ? begun.status : 'failed' };
    runs.push(executionId);
    const ending = await play(begun.input);
    const { environmentId, generation } = begun.execution;
    const output = ending.kind === 'succeeded' ? await sealJson(server.vault, environmentId, executionPurposes.output, ending.output) : null;
    const error = ending.kind === 'failed' ? await sealJson(server.vault, environmentId, executionPurposes.error, ending.error) : null;
    await transaction(pool, (client) => closeExecution(client, { executionId, environmentId, generation, status: ending.kind, output, error }));
    return { status: ending.kind };
  };
  return { runs, ...(await aWorker({ taskQueue: queueNames(server.queuePrefix).scripts, activities: { runScript } })) };
}
