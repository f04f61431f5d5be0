import { Inject, Injectable } from '@nestjs/common';
import { Vault } from 'credentials';
import { RECORDS, type RecordStore, type SaveRequest } from 'database';
import { type RunningExecution, sealPiece } from 'journal/postgres';
import type { SaveAnswer, SaveOperation, ScriptRecord, TapePiece } from 'model';

/** One call of `batchSave`, `batchUpdate` or `batchDelete`. `model` as it is stored. */
export type Batch = {
  call: string;
  model: string;
  operation: SaveOperation;
  records: ScriptRecord[];
  trackSeen: boolean;
  tape: SealedTape | undefined;
  /** The commit that must have come before this one's. */
  before: Promise<void> | undefined;
};

/** A piece of tape as the journal keeps it. */
export type SealedTape = NonNullable<SaveRequest['tape']>;

@Injectable()
export class RecordRepository {
  constructor(
    @Inject(RECORDS) private readonly records: RecordStore,
    private readonly vault: Vault,
  ) {}

  /** Saves on behalf of an execution, in its generation alone. */
  save({ environmentId, connectionId, executionId, generation, syncId }: RunningExecution, { before, ...batch }: Batch): Promise<SaveAnswer> {
    const tx = before && (() => before);
    return this.records.save({ environmentId, connectionId, executionId, generation, syncId: syncId ?? undefined, tx, ...batch });
  }

  async seal({ environmentId }: RunningExecution, piece: TapePiece | null | undefined): Promise<SealedTape | undefined> {
    const { from, length, sealed } = await sealPiece(this.vault, environmentId, piece);
    return from === null || sealed === null ? undefined : { from, length, sealed };
  }
}
