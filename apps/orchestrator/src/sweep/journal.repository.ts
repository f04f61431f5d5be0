import { Inject, Injectable } from '@nestjs/common';
import { POOL, type Pool } from 'database';
import { dropJournals } from 'journal/postgres';

@Injectable()
export class JournalRepository {
  constructor(@Inject(POOL) private readonly pool: Pool) {}

  /** Drops the journals of executions that ended so long ago; answers of how many. */
  drop(endedForMs: number): Promise<number> {
    return dropJournals(this.pool, endedForMs);
  }
}
