import { Module } from '@nestjs/common';
import { FinishModule } from '../finish/finish.module.js';
import { WebhookModule } from '../webhook/webhook.module.js';
import { CallLogRepository } from './call-log.repository.js';
import { ExecutionSweep } from './execution-sweep.js';
import { ExpirySweep } from './expiry-sweep.js';
import { JournalRepository } from './journal.repository.js';
import { OpenExecutionRepository } from './open-execution.repository.js';
import { RateBudgetRepository } from './rate-budget.repository.js';
import { TemporalRuns } from './temporal-runs.js';

/** Compares what is open here with what runs in Temporal, so that neither side's loss leaves anything hanging. */
@Module({
  imports: [FinishModule, WebhookModule],
  providers: [ExecutionSweep, OpenExecutionRepository, TemporalRuns, ExpirySweep, JournalRepository, CallLogRepository, RateBudgetRepository],
})
export class SweepModule {}
