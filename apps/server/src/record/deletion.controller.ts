import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { DeletionDecision, type RecordDeletion, RecordDeletionQuery, type UndoneDeletion } from 'model';
import { z } from 'zod';
import { EnvironmentId } from '../access/environment-id.decorator.js';
import { DeletionService } from './deletion.service.js';

const Id = z.uuid();

/** Deletions of what runs did not find: to decide on those that are held, and to take back those of the last days. */
@Controller('sync/deletions')
export class DeletionController {
  constructor(private readonly deletions: DeletionService) {}

  @Get()
  async list(
    @EnvironmentId() environmentId: number,
    @Query({ schema: RecordDeletionQuery }) query: RecordDeletionQuery,
  ): Promise<{ deletions: RecordDeletion[] }> {
    return { deletions: await this.deletions.list(environmentId, query) };
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
