import { Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { DeletionDecision, type RecordDeletion, type UndoneDeletion } from 'model';
import { z } from 'zod';
import { EnvironmentId } from '../../access/environment-id.decorator.js';
import { DeletionService } from '../../record/deletion.service.js';
import { DashboardController } from '../session/dashboard-route.decorator.js';
import { ConnectionNumber } from './connection-number.js';

const Id = z.uuid();
const OfConnection = z.object({ connection: ConnectionNumber });

@DashboardController('deletions')
export class DashboardDeletionController {
  constructor(private readonly deletions: DeletionService) {}

  /** Those of a connection that wait for a decision or can still be undone. */
  @Get()
  async open(
    @EnvironmentId() environmentId: number,
    @Query({ schema: OfConnection }) { connection }: z.infer<typeof OfConnection>,
  ): Promise<{ deletions: RecordDeletion[] }> {
    return { deletions: await this.deletions.open(environmentId, connection) };
  }

  @Post(':id/:decision')
  @HttpCode(200)
  decide(
    @EnvironmentId() environmentId: number,
    @Param('id', { schema: Id }) id: string,
    @Param('decision', { schema: DeletionDecision }) decision: DeletionDecision,
  ): Promise<RecordDeletion | UndoneDeletion> {
    return this.deletions.decide(environmentId, id, decision);
  }
}
