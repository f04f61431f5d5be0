import { randomBytes, randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import { openTemporalClient } from 'service/temporal-client';
import { keyringFrom, Vault } from 'credentials';
import { openPool, type Pool, RecordStore } from 'database';
import { ExecutionStore } from 'journal/postgres';
import { createLogger, type RunningService, serviceToken, startService } from 'service';
import { freshDatabase, temporalAddress } from 'stack/testing';
import { syncScheduleId } from 'workflows';
import { Configuration } from '../configuration.js';
import { OrchestratorModule } from '../orchestrator.module.js';
import { recordsPath } from '../record/record.controller.js';

const internalKey = 'the internal key of the tests';

/** An orchestrator on a database and queues of its own. */
export type TestPlatform = {
  pool: Pool;
  vault: Vault;
  executions: ExecutionStore;
  records: RecordStore;
  service: RunningService;
  configuration: Configuration;
  runnerToken: string;
  temporal: Client;
  stop(): Promise<void>;
};

/** Starts one. `restart`-like tests start the service again themselves, with its configuration. */
export async function startPlatform(settings: Partial<Configuration> = {}): Promise<TestPlatform> {
  const database = await freshDatabase();
  const configuration = Configuration.parse({
    NANGO_INTERNAL_KEY: internalKey,
    NANGO_DATABASE_URL: database.url,
    NANGO_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
    NANGO_QUEUE_PREFIX: `test-${randomUUID()}`,
    TEMPORAL_ADDRESS: temporalAddress(),
    ...settings,
  });
  const pool = openPool(database.url);
  const vault = new Vault(pool, keyringFrom(configuration.NANGO_ENCRYPTION_KEY));
  const service = await startOrchestrator(configuration);
  const temporal = openTemporalClient({ address: configuration.TEMPORAL_ADDRESS, namespace: configuration.TEMPORAL_NAMESPACE });
  const stop = async (): Promise<void> => {
    await service.close();
    await removeSchedules(temporal, pool);
    await pool.end();
    await database.drop();
  };
  const runnerToken = serviceToken(internalKey, 'runner');
  return {
    pool,
    vault,
    service,
    configuration,
    runnerToken,
    temporal,
    executions: new ExecutionStore(pool, vault),
    records: new RecordStore(pool, vault),
    stop,
  };
}

// The Temporal server outlives the test: what is left there would start runs that nobody takes.
async function removeSchedules(temporal: Client, pool: Pool): Promise<void> {
  const { rows } = await pool.query<{ id: string }>('SELECT id FROM sync');
  for (const { id } of rows)
    await temporal.schedule
      .getHandle(syncScheduleId(id))
      .delete()
      .catch(() => undefined);
  await temporal.connection.close();
}

/** The service itself, as `main.ts` starts it, on a free port. */
export function startOrchestrator(configuration: Configuration): Promise<RunningService> {
  return startService({
    name: 'orchestrator',
    module: OrchestratorModule.with(configuration),
    port: 0,
    logger: createLogger('orchestrator', { level: process.env['TEST_LOG_LEVEL'] ?? 'fatal' }),
    rawBodies: [{ path: recordsPath, as: 'buffer', limitBytes: 100_000_000 }],
  });
}
