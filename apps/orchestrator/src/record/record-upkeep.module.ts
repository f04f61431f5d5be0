import { Module } from '@nestjs/common';
import { RecordUpkeepJob } from './record-upkeep.job.js';
import { RecordUpkeepRepository } from './record-upkeep.repository.js';

/** The record store kept in order in the background. */
@Module({ providers: [RecordUpkeepJob, RecordUpkeepRepository] })
export class RecordUpkeepModule {}
