import { Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { AppError, Operation, OperationKind } from 'model';
import type { OperationDetail, OperationPage } from 'model/dashboard';
import { z } from 'zod';
import { EnvironmentId } from '../../access/environment-id.decorator.js';
import { CancellationService } from '../../cancellation/cancellation.service.js';
import { DashboardController } from '../session/dashboard-route.decorator.js';
import { fromCursor } from './operation-cursor.js';
import { OperationRepository } from './operation.repository.js';

const ListQuery = z.object({
  kind: OperationKind.optional(),
  status: Operation.shape.status.optional(),
  integration: z.string().optional(),
  connection: z.string().optional(),
  before: z
    .string()
    .transform((text, context) => fromCursor(text) ?? (context.addIssue({ code: 'custom', message: 'is no place in this list' }), z.NEVER))
    .optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

/** The logs page: what the platform did for the team. */
@DashboardController('operations')
export class OperationController {
  constructor(
    private readonly operations: OperationRepository,
    private readonly cancellations: CancellationService,
  ) {}

  @Get()
  list(@EnvironmentId() environmentId: number, @Query({ schema: ListQuery }) query: z.infer<typeof ListQuery>): Promise<OperationPage> {
    return this.operations.list(environmentId, query);
  }

  @Get(':id')
  async detail(@EnvironmentId() environmentId: number, @Param('id', { schema: z.uuid() }) id: string): Promise<OperationDetail> {
    const detail = await this.operations.find(environmentId, id);
    if (!detail) throw new AppError('not_found', { message: 'There is no such operation in this environment' });
    return detail;
  }

  @Post(':id/cancel')
  @HttpCode(204)
  async cancel(@EnvironmentId() environmentId: number, @Param('id', { schema: z.uuid() }) id: string): Promise<void> {
    await this.cancellations.cancelOperation(environmentId, id);
  }
}
