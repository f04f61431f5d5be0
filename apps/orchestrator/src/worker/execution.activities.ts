import { storedModel } from 'model';
import { Inject, Injectable } from '@nestjs/common';
import { type RecordStore, RECORDS } from 'database';
import { ExecutionStore, type SyncCache } from 'journal/postgres';
import type { OrchestratorActivities } from 'workflows';
import { FinishService } from '../finish/finish.service.js';
import { ScheduleService } from '../schedule/schedule.service.js';

@Injectable()
export class ExecutionActivities implements OrchestratorActivities {
  constructor(
    private readonly executions: ExecutionStore,
    private readonly finishes: FinishService,
    private readonly schedules: ScheduleService,
    @Inject(RECORDS) private readonly records: RecordStore,
  ) {}

  readonly openSyncExecution: OrchestratorActivities['openSyncExecution'] = async ({ syncId, workflowRunId }) => {
    const opening = await this.executions.openSync({ syncId, workflowRunId, emptyCache: (cache) => this.emptyCache(cache) });
    // A row that went with its integration or environment leaves its schedule behind, which would start this again and again.
    if (opening.kind === 'skipped' && opening.reason === 'unknown_sync') await this.schedules.apply(syncId);
    return opening;
  };

  readonly closeLostExecution: OrchestratorActivities['closeLostExecution'] = ({ executionId, cancelled }) => this.finishes.closeLost(executionId, cancelled);

  private emptyCache({ environmentId, connectionId, models, variant }: SyncCache): Promise<void> {
    return this.records.drop({ environmentId, connectionId, models: models.map((model) => storedModel(model, variant)) });
  }
}
