import { Inject, Injectable } from '@nestjs/common';
import { Vault } from 'credentials';
import { RECORDS, type RecordStore } from 'database';
import { type RunningExecution, sealPiece } from 'journal/postgres';
import type { SaveAnswer, SaveOperation, ScriptRecord, TapePiece } from 'model';

/** One call of `batchSave`, `batchUpdate` or `batchDelete`. `model` as it is stored. */
export type Batch = {
  call: string;
  model: string;
  operation: SaveOperation;
  records: ScriptRecord[];
  trackSeen: boolean;
  tape: TapePiece | null | undefined;
};

@Injectable()
export class RecordRepository {
  constructor(
    @Inject(RECORDS) private readonly records: RecordStore,
    private readonly vault: Vault,
  ) {}

  /** Saves on behalf of an execution, in its generation alone. */
  async save({ environmentId, connectionId, executionId, generation }: RunningExecution, { tape: piece, ...batch }: Batch): Promise<SaveAnswer> {
    const { from, length, sealed } = await sealPiece(this.vault, environmentId, piece);
    const tape = from === null || sealed === null ? undefined : { from, length, sealed };
    return this.records.save({ environmentId, connectionId, executionId, generation, tape, ...batch });
  }
}
