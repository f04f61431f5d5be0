import type { ExecutionKind, ExecutionStatus, RunKind } from 'model';

/** An execution as those see it who act on its behalf. `connectionId` is the row's id, `connectionName` the product's name for it. */
export type RunningExecution = {
  executionId: string;
  environmentId: number;
  generation: number;
  kind: ExecutionKind;
  /** What the whole run is: an action that a script calls belongs to that script's run. */
  rootKind: ExecutionKind;
  rootRunKind: RunKind | null;
  status: ExecutionStatus;
  operationId: string;
  syncId: string | null;
  connectionId: number;
  connectionName: string;
  providerConfigKey: string;
  scriptVersionId: number;
  /** What its journal holds, roughly; and whether it has reached its bound, so that reads are recorded no longer. */
  journalBytes: number;
  journalFull: boolean;
  /** Whether its environment lets scripts use its other connections. */
  usesOthers: boolean;
};

const ofParent = (column: string): string => `(SELECT p.${column} FROM execution p WHERE p.id = e.parent_execution_id AND p.environment_id = e.environment_id)`;

/** The columns of {@link RunningExecution}, from `execution e` and {@link runningJoins}. */
export const runningColumns = `e.id AS "executionId", e.environment_id AS "environmentId", e.generation, e.kind, COALESCE(${ofParent('kind')}, e.kind) AS "rootKind",
  COALESCE(${ofParent('run_kind')}, e.run_kind) AS "rootRunKind", e.status, e.operation_id AS "operationId",
  e.sync_id AS "syncId", e.connection_id AS "connectionId", c.connection_id AS "connectionName", i.unique_key AS "providerConfigKey", e.script_version_id AS "scriptVersionId",
  e.journal_bytes AS "journalBytes", e.journal_full AS "journalFull", env.scripts_use_other_connections AS "usesOthers"`;

/** As {@link runningJoins}, for an UPDATE of `execution e`. */
export const runningSources = {
  from: `connection c JOIN integration i ON i.id = c.integration_id AND i.environment_id = c.environment_id JOIN environment env ON env.id = c.environment_id`,
  where: `c.id = e.connection_id AND c.environment_id = e.environment_id`,
};

/** What {@link runningColumns} reads beside `execution e`. */
export const runningJoins = `JOIN connection c ON c.id = e.connection_id AND c.environment_id = e.environment_id
  JOIN integration i ON i.id = c.integration_id AND i.environment_id = e.environment_id
  JOIN environment env ON env.id = e.environment_id`;
