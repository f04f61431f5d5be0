import { Inject, Injectable } from '@nestjs/common';
import { RECORDS, type RecordStore } from 'database';
import type { RunningExecution } from 'journal/postgres';
import type { SaveAnswer, SaveOperation, ScriptRecord } from 'model';

/** One call of `batchSave`, `batchUpdate` or `batchDelete`. `model` as it is stored. */
export type Batch = { call: string; model: string; operation: SaveOperation; records: ScriptRecord[]; trackSeen: boolean };

@Injectable()
export class RecordRepository {
  constructor(@Inject(RECORDS) private readonly records: RecordStore) {}

  /** Saves on behalf of an execution, in its generation alone. */
  save({ environmentId, connectionId, executionId, generation, syncId }: RunningExecution, batch: Batch): Promise<SaveAnswer> {
    return this.records.save({ environmentId, connectionId, executionId, generation, syncId: syncId ?? undefined, ...batch });
  }
}
