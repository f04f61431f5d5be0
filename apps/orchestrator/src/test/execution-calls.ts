import { randomUUID } from 'node:crypto';
import type { BeginAnswer } from 'model';
import type { TestPlatform } from './platform.js';
import { aScript, aSync, type ScriptOptions } from './rows.js';
import { ask, askToSave } from './runner.js';

type Run = Extract<BeginAnswer, { kind: 'run' }>;

/** The execution API as a runner asks it, with executions to ask about. */
export function executionCalls(platform: TestPlatform) {
  const call = (token: string, path: string, body?: unknown) => ask<Record<string, unknown>>(platform, token, path, body);
  const one = async (sql: string, values: unknown[]) => (await platform.pool.query<Record<string, unknown>>(sql, values)).rows[0];
  const begin = (executionId: string, attempt = 1) =>
    ask<BeginAnswer>(platform, platform.runnerToken, `/executions/${executionId}/begin`, {
      activityId: 'a',
      attempt,
      scheduledAt: new Date(attempt * 1_000).toISOString(),
    });
  const run = async (executionId: string, attempt = 1): Promise<Run> => {
    const { body } = await begin(executionId, attempt);
    if (body.kind !== 'run') throw new Error(JSON.stringify(body));
    return body;
  };
  const anAction = async (options: ScriptOptions = {}, input: unknown = { channel: 'C1' }) => {
    const script = await aScript(platform, { type: 'action', name: 'alert', ...options });
    const { executionId } = await platform.executions.open({ ...script, kind: 'action', input });
    return { ...script, executionId };
  };
  const aRunningSync = async (options: Parameters<typeof aSync>[1] = {}) => {
    const sync = await aSync(platform, options);
    const opening = await platform.executions.openSync({ syncId: sync.syncId, workflowRunId: randomUUID(), emptyCache: async () => undefined });
    if (opening.kind !== 'opened') throw new Error(opening.reason);
    return { ...sync, executionId: opening.executionId, ...(await run(opening.executionId)) };
  };
  const withAction = async (parent: { environmentId: number; integrationId: number }, name = 'alert') => {
    const { scriptId, scriptVersionId } = await aScript(platform, { type: 'action', name });
    await platform.pool.query('UPDATE script SET environment_id = $2, integration_id = $3 WHERE id = $1', [
      scriptId,
      parent.environmentId,
      parent.integrationId,
    ]);
    await platform.pool.query('UPDATE script_version SET environment_id = $2 WHERE id = $1', [scriptVersionId, parent.environmentId]);
    return scriptId;
  };
  const save = (token: string, head: object, records: unknown) => askToSave<Record<string, unknown>>(platform, token, head, records);
  const perform = (token: string, id: string, method: string, args: object = {}) => call(token, '/execution/calls', { call: id, request: { method, args } });
  return { call, one, begin, run, anAction, aRunningSync, withAction, save, perform };
}
