import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { type RecordDeletion, RecordDeletionQuery, type UndoneDeletion } from 'model';
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
