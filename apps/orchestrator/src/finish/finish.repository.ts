import { Inject, Injectable } from '@nestjs/common';
import { POOL, type Pool, type PoolClient, prepared, transaction } from 'database';
import { closeExecution, type EndedExecution, parkExecution, type RunningExecution } from 'journal/postgres';
import { channels, type ExecutionError } from 'model';
import { insertMessages } from '../operation-log/operation-log.repository.js';
import type { PlainEnding } from './plain-ending.js';
import { SyncEndRepository } from './sync-end.repository.js';

@Injectable()
export class FinishRepository {
  constructor(
    @Inject(POOL) private readonly pool: Pool,
    private readonly syncs: SyncEndRepository,
  ) {}

  /** Everything an end changes, in one transaction; null when the execution had ended or another generation runs it. */
  async end(ending: PlainEnding): Promise<EndedExecution | null> {
    if (ending.syncId === null && !ending.plainError) return closeExecution(prepared(this.pool), ending);
    return transaction(this.pool, async (client) => {
      const ended = await closeExecution(prepared(client), ending);
      if (!ended) return null;
      await this.writeError(client, ended, ending.plainError);
      const events = ended.syncId ? await this.syncs.end(client, { ...ended, syncId: ended.syncId }, ending) : 0;
      if (events > 0) await client.query(`SELECT pg_notify($1, '')`, [channels.outbox]);
      return ended;
    });
  }

  park(execution: RunningExecution, until: string): Promise<void> {
    return parkExecution(this.pool, execution, until);
  }

  private async writeError(client: PoolClient, ended: EndedExecution, error: ExecutionError | null): Promise<void> {
    if (!error) return;
    const { code, message, payload, upstream } = error;
    const meta = { code, ...(payload === undefined ? {} : { payload }), ...(upstream ? { upstream } : {}) };
    await insertMessages(client, ended, [{ at: ended.finishedAt.toISOString(), level: 'error', message, meta }]);
  }
}
