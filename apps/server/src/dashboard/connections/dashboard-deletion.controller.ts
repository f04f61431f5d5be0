import { Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import type { RecordDeletion, UndoneDeletion } from 'model';
import { z } from 'zod';
import { EnvironmentId } from '../../access/environment-id.decorator.js';
import { DeletionService } from '../../record/deletion.service.js';
import { DashboardController } from '../session/dashboard-route.decorator.js';

const Id = z.uuid();
const OfConnection = z.object({ connection: z.coerce.number().int().positive().max(2_147_483_647) });

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

  @Post(':id/apply')
  @HttpCode(200)
  apply(@EnvironmentId() environmentId: number, @Param('id', { schema: Id }) id: string): Promise<RecordDeletion> {
    return this.deletions.apply(environmentId, id);
  }

  @Post(':id/drop')
  @HttpCode(200)
  drop(@EnvironmentId() environmentId: number, @Param('id', { schema: Id }) id: string): Promise<RecordDeletion> {
    return this.deletions.drop(environmentId, id);
  }

  @Post(':id/undo')
  @HttpCode(200)
  undo(@EnvironmentId() environmentId: number, @Param('id', { schema: Id }) id: string): Promise<UndoneDeletion> {
    return this.deletions.undo(environmentId, id);
  }
}
