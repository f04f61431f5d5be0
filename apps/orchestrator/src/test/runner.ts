import { activityInfo, CancelledFailure, Context } from '@temporalio/activity';
import type { BeginAnswer, FinishAnswer, FinishRequest, SaveAnswer } from 'model';
import { aWorker } from 'stack/testing';
import { queueNames, type RunnerActivities } from 'workflows';
import type { TestPlatform } from './platform.js';

type Platform = Pick<TestPlatform, 'service' | 'configuration' | 'runnerToken'>;

/** What a test's script may do: the execution API, under the attempt's token. */
export type ScriptApi = Extract<BeginAnswer, { kind: 'run' }> & {
  save(model: string, records: object[], call?: string): Promise<SaveAnswer>;
  cancelled: Promise<never>;
};

/** Thrown by a test's script: the runner dies, and leaves an attempt that nobody finishes. */
export class Killed extends Error {}

/** A script of a test; what it returns is its output. */
export type Script = (api: ScriptApi) => Promise<unknown>;

/** Asks the orchestrator as a runner does. */
export async function ask<T>(platform: Pick<Platform, 'service'>, token: string, path: string, body?: unknown): Promise<{ status: number; body: T }> {
  return askText(platform, token, path, body === undefined ? undefined : JSON.stringify(body));
}

/** Asks for a save as a runner does: the head on a line of its own, then the records. */
export function askToSave<T>(platform: Pick<Platform, 'service'>, token: string, head: object, records: unknown): Promise<{ status: number; body: T }> {
  return askText(platform, token, '/execution/records', `${JSON.stringify(head)}\n${JSON.stringify(records)}`);
}

async function askText<T>(platform: Pick<Platform, 'service'>, token: string, path: string, body?: string): Promise<{ status: number; body: T }> {
  const init = body === undefined ? {} : { method: 'POST', body, headers: { 'content-type': 'application/json' } };
  const answer = await fetch(`${platform.service.url}${path}`, { ...init, headers: { ...init.headers, authorization: `Bearer ${token}` } });
  const text = await answer.text();
  return { status: answer.status, body: (text ? JSON.parse(text) : undefined) as T };
}

/** A runner without jails: the script is a function of the test, in this process. */
export function startRunner(platform: Platform, script: Script): Promise<{ stop(): Promise<void> }> {
  const { TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE, NANGO_QUEUE_PREFIX } = platform.configuration;
  const activities: RunnerActivities = { runScript: ({ executionId }) => runScript(platform, executionId, script) };
  return aWorker({ address: TEMPORAL_ADDRESS, namespace: TEMPORAL_NAMESPACE, taskQueue: queueNames(NANGO_QUEUE_PREFIX).scripts, activities });
}

async function runScript(platform: Platform, executionId: string, script: Script): Promise<FinishAnswer> {
  const { activityId, attempt, currentAttemptScheduledTimestampMs } = activityInfo();
  const beginning = await ask<BeginAnswer>(platform, platform.runnerToken, `/executions/${executionId}/begin`, {
    activityId,
    attempt,
    scheduledAt: new Date(currentAttemptScheduledTimestampMs).toISOString(),
  });
  if (beginning.status !== 200) throw new Error(`begin: ${JSON.stringify(beginning)}`);
  if (beginning.body.kind === 'over') return { status: beginning.body.status };
  const { token } = beginning.body;
  const beat = setInterval(() => Context.current().heartbeat(), 1_000);
  const request = await outcome(platform, beginning.body, script).finally(() => clearInterval(beat));
  const finish = await ask<FinishAnswer>(platform, token, '/execution/finish', request);
  if (finish.status !== 200) throw new Error(`finish: ${JSON.stringify(finish)}`);
  return finish.body;
}

async function outcome(platform: Platform, beginning: Extract<BeginAnswer, { kind: 'run' }>, script: Script): Promise<FinishRequest> {
  let calls = 0;
  const save = async (model: string, records: object[], call = `save:${(calls += 1)}`): Promise<SaveAnswer> => {
    const answer = await askToSave<SaveAnswer>(platform, beginning.token, { call, model, operation: 'save' }, records);
    if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
    return answer.body;
  };
  const { cancelled } = Context.current();
  try {
    const output = await Promise.race([script({ ...beginning, save, cancelled }), cancelled]);
    return { kind: 'succeeded', output };
  } catch (error) {
    if (error instanceof Killed) throw error;
    if (error instanceof CancelledFailure) return { kind: 'cancelled' };
    return { kind: 'failed', error: { code: 'script_internal_error', message: error instanceof Error ? error.message : String(error) } };
  }
}
