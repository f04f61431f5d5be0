import { Injectable } from '@nestjs/common';
import type { PoolClient } from 'database';
import type { CallSite, RunningExecution } from 'journal/postgres';
import { AppError, type Checkpoint, type PlatformAnswer, type PlatformArgs } from 'model';
import type { PlatformHandlers } from '../platform-call/handlers.js';
import { jsonText } from '../platform/json-text.js';

type Standing = { scriptId: number; variant: string; value: Checkpoint | null; version: number };

/** Where a script wants to go on: kept per sync and variant, or per action and connection. */
@Injectable()
export class CheckpointCalls {
  readonly handlers: Pick<PlatformHandlers, 'getCheckpoint' | 'saveCheckpoint'> = {
    getCheckpoint: async ({ client, execution }) => {
      const { value, version } = await read(client, execution);
      return { value, version };
    },
    saveCheckpoint: (site, args) => this.save(site, args),
  };

  private async save({ client, execution }: CallSite, { value, version }: PlatformArgs<'saveCheckpoint'>): Promise<PlatformAnswer<'saveCheckpoint'>> {
    const before = await read(client, execution);
    const written = await write(client, execution, { ...before, value, expected: version });
    if (written === null) throw new AppError('checkpoint_conflict', { message: 'Another run has written the checkpoint since this one has read it' });
    await noteRange(client, execution, { from: before.value, to: value });
    return { version: written };
  }
}

async function read(client: PoolClient, { executionId, environmentId }: RunningExecution): Promise<Standing> {
  const { rows } = await client.query<Standing>(
    `SELECT v.script_id AS "scriptId", coalesce(y.variant, 'base') AS variant, k.value, coalesce(k.version, 0) AS version
     FROM execution e
     JOIN script_version v ON v.id = e.script_version_id AND v.environment_id = e.environment_id
     LEFT JOIN sync y ON y.id = e.sync_id
     LEFT JOIN checkpoint k ON k.connection_id = e.connection_id AND k.script_id = v.script_id AND k.variant = coalesce(y.variant, 'base')
     WHERE e.id = $1 AND e.environment_id = $2`,
    [executionId, environmentId],
  );
  if (!rows[0]) throw new AppError('unknown_execution', { message: 'Its script is gone' });
  return rows[0];
}

/** The new version, or null where another than the expected one stands. */
async function write(
  client: PoolClient,
  { connectionId, environmentId }: RunningExecution,
  { scriptId, variant, value, expected }: Pick<Standing, 'scriptId' | 'variant' | 'value'> & { expected: number | null },
): Promise<number | null> {
  const { rows } = await client.query<{ version: number }>(
    `INSERT INTO checkpoint AS k (connection_id, script_id, variant, environment_id, value, version) VALUES ($1, $2, $3, $4, $5, coalesce($6::int, 0) + 1)
     ON CONFLICT (connection_id, script_id, variant) DO UPDATE SET value = excluded.value, version = k.version + 1, updated_at = now()
       WHERE k.environment_id = $4 AND ($6 IS NULL OR k.version = $6)
     RETURNING version`,
    [connectionId, scriptId, variant, environmentId, textOf(value), expected],
  );
  return rows[0]?.version ?? null;
}

async function noteRange(
  client: PoolClient,
  { executionId, environmentId }: RunningExecution,
  { from, to }: { from: Checkpoint | null; to: Checkpoint | null },
): Promise<void> {
  await client.query(
    `INSERT INTO execution_checkpoint (execution_id, environment_id, from_value, to_value) VALUES ($1, $2, $3, $4)
     ON CONFLICT (execution_id) DO UPDATE SET to_value = excluded.to_value`,
    [executionId, environmentId, textOf(from), textOf(to)],
  );
}

function textOf(value: Checkpoint | null): string | null {
  return value === null ? null : jsonText(value);
}
