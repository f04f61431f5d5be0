import { type Pool, prepared, type Queryable, transaction } from 'database';
import { type BeginRequest, type ChildAnswer, ExecutionError, type ExecutionKind, type ExecutionStatus } from 'model';
import { beginAttempt, beginFirstAttempt, type Beginning } from './begin.js';
import { type RunningExecution, runningColumns, runningJoins } from './execution-row.js';
import { executionTokenHash, newExecutionToken } from './execution-token.js';
import { insertExecution } from './open-execution.js';
import { openSync, type SyncCache, type SyncOpening } from './open-sync.js';
import { requireGeneration } from './require-generation.js';
import { executionPurposes, openJson, sealJson, type TextSealer } from './sealing.js';

/** A run of an action (or of a webhook or event script) that a caller asks for. `connectionId` is the row's id. */
export type OpenRequest = {
  environmentId: number;
  kind: Exclude<ExecutionKind, 'sync'>;
  connectionId: number;
  scriptVersionId: number;
  input: unknown;
  idempotencyKey?: string | undefined;
};

/** An execution that is queued, or with `fresh: false` the one that the same idempotency key opened before. */
export type Opened = { executionId: string; operationId: string; fresh: boolean };

/** A child's run: an action that a script calls, once per call of its parent. */
export type OpenChildRequest = { call: string; connectionId: number; scriptVersionId: number; input: unknown };

/** What is known of an execution from outside; output and error opened. */
export type ExecutionResult = { executionId: string; kind: ExecutionKind; status: ExecutionStatus; output: unknown; error: ExecutionError | null };

type ResultRow = { executionId: string; kind: ExecutionKind; status: ExecutionStatus; output: string | null; error: string | null };

/** The rows of executions: opened, begun, resolved by token. They are ended by `closeExecution` in the finish's own transaction. */
export class ExecutionStore {
  constructor(
    private readonly pool: Pool,
    private readonly sealer: TextSealer,
  ) {}

  /** Opens a sync's run: row, operation and lease in one transaction. `emptyCache` runs inside it when the run's options ask. */
  openSync(request: { syncId: string; workflowRunId: string; emptyCache: (cache: SyncCache) => Promise<void> }): Promise<SyncOpening> {
    return transaction(this.pool, (client) => openSync(prepared(client), request.syncId, request.workflowRunId, request.emptyCache));
  }

  /** Opens a run with its input sealed. The caller starts the activity or workflow of that id; a sweep does so if it cannot. */
  async open(request: OpenRequest): Promise<Opened> {
    const { input, ...row } = request;
    const sealed = await sealJson(this.sealer, row.environmentId, executionPurposes.input, input);
    const opened = await insertExecution(prepared(this.pool), { ...row, input: sealed });
    return opened ? { ...opened, fresh: true } : { ...(await this.findByIdempotencyKey(request)), fresh: false };
  }

  /** Opens an action's run inside a parent, or answers what the parent's same call came to before. */
  async openChild(parent: RunningExecution, request: OpenChildRequest): Promise<ChildAnswer> {
    const { environmentId, executionId: parentExecutionId } = parent;
    const { call: parentCall, connectionId, scriptVersionId } = request;
    const input = await sealJson(this.sealer, environmentId, executionPurposes.input, request.input);
    const opened = await transaction(this.pool, async (client) => {
      await requireGeneration(client, parent);
      await insertChildCall(client, parent, parentCall);
      return insertExecution(client, { environmentId, kind: 'action', connectionId, scriptVersionId, input, parentExecutionId, parentCall });
    });
    return opened ? { kind: 'opened', executionId: opened.executionId } : this.findChild(parent, parentCall);
  }

  /** The execution of this environment, or null. */
  async find(environmentId: number, executionId: string): Promise<ExecutionResult | null> {
    const { rows } = await prepared(this.pool).query<ResultRow>(
      `SELECT id AS "executionId", kind, status, output, error FROM execution WHERE id = $1 AND environment_id = $2`,
      [executionId, environmentId],
    );
    return rows[0] ? this.unseal(environmentId, rows[0]) : null;
  }

  /**
   * Begins an attempt: a new generation, or the same one for a repeat of the same attempt; always with a new token.
   * @throws AppError `unknown_execution`; `execution_fenced` when a later attempt has begun
   */
  async begin(executionId: string, request: BeginRequest): Promise<Beginning> {
    const { token, hash } = newExecutionToken();
    const attempt =
      (await beginFirstAttempt(prepared(this.pool), executionId, request, hash)) ??
      (await transaction(this.pool, (client) => beginAttempt(prepared(client), executionId, request, hash)));
    if (attempt.kind !== 'run') return attempt;
    const { execution, sealedInput } = attempt;
    const input = await openJson(this.sealer, execution.environmentId, executionPurposes.input, sealedInput);
    return { kind: 'run', token, execution, input, resumes: execution.generation > 1 };
  }

  /** The execution that a token speaks for, as long as it runs; else null. */
  async resolve(token: string): Promise<RunningExecution | null> {
    const execution = await this.resolveEnded(token);
    return execution?.status === 'running' ? execution : null;
  }

  /** As {@link ExecutionStore.resolve}, also after the execution's end: for a finish that is asked again. */
  async resolveEnded(token: string): Promise<RunningExecution | null> {
    const hash = executionTokenHash(token);
    if (!hash) return null;
    const { rows } = await prepared(this.pool).query<RunningExecution>(`SELECT ${runningColumns} FROM execution e ${runningJoins} WHERE e.token_hash = $1`, [
      hash,
    ]);
    return rows[0] ?? null;
  }

  /** The execution by id, whoever runs it: for the platform's own sweeps. */
  async locate(executionId: string): Promise<RunningExecution | null> {
    const { rows } = await this.pool.query<RunningExecution>(`SELECT ${runningColumns} FROM execution e ${runningJoins} WHERE e.id = $1`, [executionId]);
    return rows[0] ?? null;
  }

  private async findByIdempotencyKey({
    environmentId,
    connectionId,
    scriptVersionId,
    idempotencyKey,
  }: OpenRequest): Promise<{ executionId: string; operationId: string }> {
    const { rows } = await this.pool.query<{ executionId: string; operationId: string }>(
      `SELECT id AS "executionId", operation_id AS "operationId" FROM execution
       WHERE environment_id = $1 AND connection_id = $2 AND script_version_id = $3 AND idempotency_key = $4`,
      [environmentId, connectionId, scriptVersionId, idempotencyKey],
    );
    if (!rows[0]) throw new Error('an execution was refused as a duplicate and is not there');
    return rows[0];
  }

  private async findChild(parent: RunningExecution, call: string): Promise<ChildAnswer> {
    const { rows } = await this.pool.query<ResultRow>(
      `SELECT id AS "executionId", kind, status, output, error FROM execution WHERE parent_execution_id = $1 AND parent_call = $2 AND environment_id = $3`,
      [parent.executionId, call, parent.environmentId],
    );
    if (!rows[0]) throw new Error('a child was refused as a duplicate and is not there');
    const child = await this.unseal(parent.environmentId, rows[0]);
    if (child.status === 'succeeded') return { kind: 'succeeded', output: child.output };
    if (child.error) return { kind: 'failed', error: child.error };
    return { kind: 'opened', executionId: child.executionId };
  }

  private async unseal(environmentId: number, row: ResultRow): Promise<ExecutionResult> {
    const [output, error] = await Promise.all([
      openJson(this.sealer, environmentId, executionPurposes.output, row.output),
      openJson(this.sealer, environmentId, executionPurposes.error, row.error),
    ]);
    return { ...row, output: output ?? null, error: error === undefined ? null : ExecutionError.parse(error) };
  }
}

/** What the child does it does outside of its parent: a script that takes another way must not pass it by unseen. */
async function insertChildCall(client: Queryable, { executionId, environmentId, generation }: RunningExecution, call: string): Promise<void> {
  await client.query(
    `INSERT INTO journal_entry (execution_id, call, environment_id, generation, state, outside) VALUES ($1, $2, $3, $4, 'done', true) ON CONFLICT DO NOTHING`,
    [executionId, call, environmentId, generation],
  );
}
